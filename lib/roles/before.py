"""Words in column names that speak of what was known before treatment, in English, French, German, Dutch, Spanish,
Italian and Portuguese, without accents: moments, persons, diseases and habits. See Lexicon for the marks."""

from .lexicon import Lexicon

EARLIER = Lexicon(
    """
    baseline base basal* basislin* bl pre preop* preoper* praop* praeop* pretreat* prev* previous* prior before
    history
    hx *hx hist past antecedent* atcd* anamnes* vorerkrank* vorgesch* vorher* vorbeh* vorbest* praexist* preexist*
    pre_exist* comorb* komorb* familial family familien* famil* chronic* chron* avant antes previo* prima precedent*
    preced* voor voorgesch* vroeger* anterior* since seit depuis desde sinds onset symptom* debut beginn initial*
    inizial* inicial* einschluss* inclusion inclusao inklusion enrol* randomi* aufnahmebefund ausgangswert* usual
    habitual home domicile depart at_diagnosis bij_opname bei_aufnahme a_l_entree a_l_admission al_ingreso
    """
)
ARRIVAL = Lexicon(
    """
    admission* adm *adm admiss* aufnahme* *aufnahme ingreso* ingresso* ricovero entree entry arrival arrivee opname*
    eintritt* presentation triage
    """
)
PERSON = Lexicon(
    """
    age agey* ageyr* ageadm* agead* ageat* ageinc* ageband agegr* agecat* =ag alter altersgr* *alter lebensalter edad
    eta idade leeftijd* edad_anos
    sex sexe sexo sesso gender geschl* geslacht* genero male female man woman men women homme femme hombre mujer mann
    frau maschio femmina uomo donna masculin* feminin* mannlich weiblich vrouw
    race racegr* black white hispan* asian ethnic* ethni* ethnie* etnia* raza herkunft nationality birthplace country
    married marital* familienstand* civil estado_civil etat_civil stato_civile burgerlijke etat_matrimonial
    educ* edu edlevel schul* bildung* etudes scolar* escolar* studi_* istruzione opleiding* degree nodegree diploma*
    income* einkommen* revenu ingresos reddito renda inkomen insurance* insurer* assurance* versicher* seguro ninsclas
    employ* unemploy* occupation* profession* beruf* job wage earnings re74 re75 u74 u75 class pclass socio* ses
    deprivation imd rural urban region* residence wohn* sibsp parch embarked
    weight *weight wt wtkg wtkilo* poids gewicht* *gewicht korpergew* koerpergew* peso gew *wtkg
    height *height hgt taille grosse groesse korpergr* koerpergr* talla altezza altura lengte htcm
    bmi imc kmi bodymass* body_mass* bsa surface_corporelle
    year_of_birth yob
    center centre zentrum centro centrum site hospital_id institution inst hosp_type service ward klinik*
    """
)
CHRONIC = Lexicon(
    """
    diabet* dm dm1 dm2 t2dm t1dm niddm iddm zuckerkrank* suikerziekte insulin_dep*
    hypertens* hta htn hbp hyperten hypertoni* hipertens* ipertens* bluthochdruck* arterielle_hyp* hypert
    copd bpco bpoc epoc dpoc asthm* asma bronch bronchit* emphysem* mukovis* cystic_fibr* osas saos sleep_apn* apnee*
    ckd irc mrc erc esrd renal_dis* kidney_dis* nierenerk* niereninsuff* insuffisance_renale_chronique nephropath*
    cirrho* zirrhos* cirros* cirrosis hepatit* liver_dis* hepatopath* lebererk* leverziekte steatos* nafld
    dement* demenz* demenc* alzheimer* parkinson* epilep* multiple_scl*
    obes* adipos* adipositas overweight ubergewicht* sobrepeso
    dyslip* hyperlip* hyperchol* hypercholest* dislip* fettstoff*
    cancer* krebs* kanker* malign* neoplas* neoplasi* tumor_hist* onco* immunosup* immunodep* immundef* immunsupp*
    immun* hiv vih hcv hbv aids transplanted_before
    cad chd_hist ihd khk coronar* koronar* cardiopath* kardiomyop* herzerk* cardiovasc* afib vorhoffl* fa_chron* pad
    pvd paod artherio* atheroscl* arthrit* rheuma* lupus psoria* hypothyr* hyperthyr* thyroid* depress* anxi*
    anemia_hist*
    cci charlson* elixhauser* comorbid* komorbid* multimorb* diagnos* diagn primary_diag* indication* etiolog*
    atiolog*
    dzgroup dzclass dz *dz ascites hepato spiders edema oedem* cat1 cat2 *hx gibledhx
    """
)
HABITS = Lexicon(
    """
    smok* *smoke *smoker cursmoke cigpday cig* packyears pack_years pack_year py tabac* tabag* tabaq* rauch* raucher*
    nikotin* fum* fumeur* rok* roker* tobacco alcohol* alkohol* alcool* ethyl* etil* drink* exercise active activity
    sport* physical_act* diet* coffee drug_abuse addict* vaccin* impf* vacun* geimpft
    """
)
HISTORY = Lexicon(
    """
    diagtime disease_dur* krankheitsd* krankheitsdauer diabetesd* diabetesdauer diabetesduur symptomd* symptomdauer
    symptom_dur* anciennete* ziekteduur evolucion_diabetes duration_of_dis* duration_of_diab* rauchd* duree_diab*
    """
)
BEFORE = EARLIER + HISTORY
KNOWN = {"person": PERSON, "disease": CHRONIC, "habit": HABITS}

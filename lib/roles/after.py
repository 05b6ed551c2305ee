"""Words in column names that speak of what happened after treatment, in English, French, German, Dutch, Spanish,
Italian and Portuguese, without accents. See Lexicon for the marks."""

from .lexicon import Lexicon

DEATH = Lexicon(
    """
    death deaths dead died dth* *dth* *death* *dead* *died* deceas* decease* *mort mort mortal* *mortal* fatal* *fatal
    letal* lethal* expired *expired dod
    deces deced* decede* *deces* dcd dcede mortalite* mortes
    tod =tot todes* *tod *todes* verstorb* gestorb* *verstorben *gestorben sterb* *sterblich* totendatum
    overled* overlijd* sterft* gestorven dood dode
    muert* fallec* *fallec* exitus exitos defuncion* mortalidad*
    decess* decedut* mort* morto morta morte morti
    falec* obito* mortes
    """
)
ALIVE = Lexicon(
    """
    alive *alive surviv* survived survivor* survie* vivant* =vif =vie lebend* lebt *lebend *uberleb* *ueberleb*
    ueberleb*
    levend* overleef* overleving* overleven* =vivo =viva vivos vivas supervivi* supervive* supervivencia* sobreviv*
    sobrevid* sopravv* =living leven in_leven en_vie am_leben
    """
)
VITAL = Lexicon(
    """
    vital_status vital_state vitalstatus vitalstat *vitstat* vitstat* statut_vital etat_vital estado_vital
    stato_vitale
    status_vital vitale_status vitalzustand
    """
)
STATUS = Lexicon(
    """
    status stat *status statut* etat estado stato toestand zustand fustat pstat *fustat evstat =state situation
    situacion
    situazione situacao
    """
)
CENSORED = Lexicon("censored zensiert* censure censuree censurado* censurato* censurada gecensureerd* cnsr")
CENSORING = Lexicon("cens censor* censur* zensur* gecens* censrec censdead censind")
EVENT = Lexicon(
    """
    event* events evt anyevent endpoint* end_point outcome* *outcome outcm* endpunkt* critere* relaps* *relapse
    recidiv*
    rezidiv* *rezidiv* recur* rechut* recaid* ricadut* *recur* rcr readmi* rehosp* reintub* reoperat* reinterv*
    reintern*
    reingres* ricover*_nuov* wiederaufn* heropname* respond* respons* reponse* antwort ansprechen* remission*
    remissie*
    remision* remissao* progress* *progress* progres* progredi* fail* *failure echec* versagen success* succes*
    erfolg*
    cured *cured cure recover* *recover* gueri* geheilt heilung* genes* genezen* curado* curacion guarit* guarig* cura
    complic* *complic* komplik* need needed needs besoin* bedarf* necesid* necesit* bisogn* necessid* evenement*
    ereig*
    evento* gebeurtenis* desenlace* devenir* =issue issue issues evolution* evoluc* evoluz* evoluca* verlauf* *verlauf
    ausgang* *ausgang esito* desfecho* uitkomst* afloop* resultat* resultado* risultat* ergebnis* *ergebnis result*
    nosocom* *nosocom* vap pavm surinfect* superinfect* hap adverse toxicit* toxizit* toxicid* tossicit* sae
    effet_indes*
    effets_indes* nebenwirk* bijwerk* wean* sevrage* entwohn* destete* extub* reject* rejet* abstoss* rechazo* rigett*
    rejeic* graft_loss transferred transfer transfere* verleg* incident* new_onset de_novo newonset denovo
    neu_aufgetret*
    uncensored hospmi anychd tenyearchd mi_fchd
    abandon* dropout* drop_out withdraw* perdu* lost_to* lost vfds
    surg_compl* bleeding_event*
    """
)
CHANGE = Lexicon(
    """
    change* delta diff *diff difference* verander* veranderung* aender* variation* variacion* variazion* variaca*
    cambio* final* end ende fin eind einde fim
    """
)
EXTREME = Lexicon(
    """
    nadir peak worst best max maximum maximal* highest lowest min minimum* pic pire maxi mini last latest
    letzte* dernier*
    ultim* laatste* loss gain perte verlust perdida perdita perda cumul*
    """
)
LATER = Lexicon(
    """
    after post postop* posttr* postint* apres nach nach* despues dopo depois na_behand* following followup*
    follow fu fup fups fud *followup
    discharge* *discharge* disch* dsch* entlass* *entlass* sortie* sorti sorties alta altas dimiss* ontslag* *ontslag
    los losicu loshosp loshop losuci losrea losusi losits losh losd losday* slos hlos iculos hosplos
    lengthofstay length_of_stay stay stays *stay sejour* *sejour estancia* estada
    *aufenthalt* liege* *liege* verweil* degenz* permanen* interna_dura* ligduur* verblijf* opnameduur* dms dmh dmrea
    vfd* *vfd* ifd* free_days freedays *freedays *free_days day_free days_free tage_frei* *freie_tage *freie *frei
    jours_libres jours_sans internam* internac* libre_de libres dias_libres giorni_liberi dias_livres vrije_dagen
    jours_vivant cost* charges *cost *cst *costs cout* kosten* coste* costo* custo* nachbeob* nachverf* nachsorge*
    suivi* seguim* opvolg* controllo_finale verlaufs* nacontrole rehabilit* destination disposition
    orientation_sortie mode_sortie
    hospitalization hospitalisation hospitalizacion hospitalizzazione hospitalizacao krankenhaustage
    icu_days hospital_days ventdays vent_days *ungstage *haustage liegetage *sivtage icutage *tagen jours_*
    *jours days_of days_on days_in dias_* dagen_* giorni_*
    ligdagen beademingsdagen *dagen
    """
)
FREE = Lexicon(
    """
    vfd* *vfd* ifd* *freedays* freedays* *freie *frei libres liberi livres vrije *vrij free
    """
)
LENGTH = Lexicon(
    """
    duration* *duration dur duree* dauer* *dauer duracion durata duracao duur *duur tage *ungstage *haustage
    liegetage jours jour dias dia giorni
    dagen days day months weeks years hours los slos dms dmh dmrea stay sejour estancia degenza verweil* liege*
    ligduur* *dagen
    """
)
TIME = Lexicon(
    """
    time* *time *tim survtime futime* rfstime dtime rtime ptime tte ttd ttp aval =t days months weeks =day =month
    *months survdays survmon* surv_m* surv_d* followup* follow_up follow fu fup survival surv *survival suivi*
    *suivi jours mois semaines temps duree_suivi delai* zeit* *zeit tage monate wochen nachbeob* beobacht* seguim*
    tiempo dias meses semanas *supervivencia tempo giorni mesi settimane *sopravvivenza semanas tijd* *tijd
    dagen maanden
    weken opvolg* tage_bis sobrevida survie* uberleb* ueberleb* *uberleb* overleving* supervivencia* sopravv* follow
    ans jahre anos anni jaren years hours heures stunden
    os pfs dfs efs rfs dss css ttnt mfs lfs osm* osd* ostime pfstime dfstime rfstime efstime
    """
)
SHORT_TIME = Lexicon("os pfs dfs efs rfs dss css ttp ttd tte mfs lfs os_* pfs_* dfs_* efs_* rfs_*")
NO_TIME = Lexicon(
    """
    free its intern* libres liberi livres vrije *frei *freie losicu loshosp losday* slos hlos los stay sejour
    estancia icu rea reanim* usi uci uti
    intensiv* hospital hopital krankenhaus wait waiting attente warte* espera attesa ventil* *ventil* beatm*
    beadem* vm mv
    imv oxygen* o2 ecmo dialys* dialis* rrt treatment traitement behandl* tratam* trattam* infusion* dose administ*
    therapy therapie operation operat* op chirurg* surgery anest* anaesth* cpb clamp* ischemi* ischaemi*
    ischami* bypass
    los dms dmh dmrea liege* verweil* degenz* ligd* beatmung* aufenthalt* smok* rauch* fum* tabac* rokers*
    period* visit* date* datum* fecha* data schedule* protime prothrom* bleeding clotting thromboplast* quick tp
    inr aptt
    thrombin* cephalin* tck
    """
)
SUPPORT = Lexicon(
    """
    support* ventil* *ventil* intub* *intub* vni niv cpap bipap vm vmi mv imv hfno ohd hfnc onhd hfot ecmo *ecmo
    dialys*
    dialis* rrt crrt eer cvvh* hemofilt* haemofilt* vasopress* noradr* norepi* noradre* catechol* katechol*
    amine amines
    inotrop* transfus* beatm* beadem* tracheo* prone proning decubitus_ventral bauchlage icu rea usi uci uti
    reanimation
    intensiv* dnr palliat* comfort hospitaliz* hospitalis* oxygenoth* oxygenth* oxygen_supp* oxygen_ther*
    supplemental_o* sauerstoff* zuurstof* oxigenot* ossigenot* limitation ltot
    """
)
ACUTE = Lexicon(
    """
    stroke *stroke avc schlaganfall* beroerte ictus acv mi ima infarct* *infarct* infarkt* *infarkt* infarto* angina
    bleed* ami cvd =chd hemorr* haemorr* saignement* blutung* *blutung* bloeding* sangrad* emorrag* sepsis
    septic* septiqu*
    septisch* shock choc schock thrombos* *thrombos* dvt pe vte embol* *embol* tvp ards sdra aki ira
    anv delir* pneumon* *pneumon* infect* *infection* infekt* infecc* infezion* infecti* perforat* fistul* leak* fuite
    insuffizienz* heart_failure chf hf insuffisance_cardiaque herzinsuffizienz hartfalen icc scompenso revasc*
    ptca pci
    cabg amputat* fractur* fraktur* frattur* fratura* seizure* convuls* arrest arret_cardiaq* reanimat* rosc
    covid* sars* pregnan* miscarr* preeclam* metastas* *metastas* gvhd rehab* falls chute* sturz* pain
    arrhythm* arythm* acfa
    """
)
OTHERS = Lexicon(
    "donor* donneur* spender* donante* donatore* donador* doador* mother* mere pere father* mutter* vater* "
    "madre padre mae "
    "pai parent* eltern* moeder vader sibling* spouse* conjoint* partner* twin* brother sister caregiver*"
)
SETS = Lexicon("=set set_id setid subclass stratum strata pair pairs pair_id matched match_* =sets set_nr")
SCORE = Lexicon(
    "propensity pscore ps_* =ps weights =weight_att iptw ipw sw =distance distance_ps logit_ps prognostic_*_score"
)
DURATION = Lexicon(
    "duration* dur duree* dauer* *dauer duracion durata duracao duur *duur years yrs *yrs ans jahre anos anni jaren"
)
UNTIL = Lexicon(
    "time_to days_to months_to weeks_to years_to time_until days_until delai_* zeit_bis tage_bis *zeit_bis "
    "tiempo_hasta "
    "dias_hasta tempo_ate tempo_al dias_ate giorni_al tijd_tot dagen_tot temps_jusqu* jours_jusqu* days_from "
    "time_from"
)
LETTER = Lexicon("=y =y1 =y2 =y_obs")

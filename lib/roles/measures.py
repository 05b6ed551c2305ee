"""Names of what is measured in patients: laboratory values, vital signs, scores, tumours and usual drugs; mostly the
same in all languages. See Lexicon for the marks. A measurement with a moment after treatment is an outcome all the
same."""

from .lexicon import Lexicon

LABORATORY = Lexicon(
    """
    crp *crp crpus hscrp proteine_c_react* proteina_c* c_reactive pct procalc* prokalz* il1* il2* il6* il8*
    il10* il17*
    interleuk* tnf* ferrit* lactat* laktat* lac lact lattat* ldh lymph* linfo* limfo* lymfo* neutro* nlr wbc
    wblc leuk*
    leuc* gb white_cell* white_blood* hb hgb hemoglob* haemoglob* hamoglob* emoglob* hct ht hematoc* haematoc*
    hamatok*
    ematocr* hema plt platelet* plaquet* plaq thrombocyt* thrombozyt* trombocit* trombocyt* piastrin* thrombo eosin*
    monocyt* monozyt* monocit* reticul* rdw mcv rbc eryth* gr
    creat* *creat crea kreat* scr egfr gfr dfg clcr clairance* clearance_creat* creatinine_clear* crcl ccr urea uree
    harnst* ureum bun cystat* uric* harnsaure* albumin* album* alb prealb* bili* bilirub* alt alat ast asat sgot
    sgpt got gpt tgo tgp alp alkphos
    alk_phos alk phosph* ggt gammagt amylas* lipas* ammoni*
    sodium natr* natri* kalium* kali potass* potas* *kalium chlorid* chlorur* calci* kalz* calc* magnes* phosphat*
    bicarb* hco3 na k cl ca mg sod pot na_serum k_serum lithium copper zinc iron eisen fer sider* transferrin*
    gluc* gluk* glyc* glic* blutzucker* hba1c a1c hba1 chol* *chol cholest* colest* ldl* hdl* trig* triglyc* lipid*
    lipoprot* apob tsh ft3 ft4 thyrox* cortis* kortis* vitamin* insulin* cpeptid* testost* estrad* oestrad* progester*
    ddimer* d_dimer* dimer* dimere* dimero* fibrino* inr tp aptt ptt pt quick protime prothrom* antithr*
    troponin* *tropo tropon* trop hstnt tnt tni ckmb ck cpk creatine_kin* bnp *bnp ntprobnp nt_probnp myoglob*
    psa cea afp ca125 ca199 ca153 ldh mspike kappa lambda igg igm iga complement* antibod* antikorp* ana anca acpa
    ph pco2 pao2 paco2 paco21 po2 ph1 base_excess gasom* pafi* pf pfratio pao2fio2 p_f horowitz* oxygenation_ind*
    viral_load* viruslast* charge_virale carga_viral* ct_value procalci* presepsin supar ngal galectin* st2
    hemat* copy_number proteinur* albuminur* acr upcr urin1
    """
)
VITALS = Lexicon(
    """
    sbp dbp sysbp diabp map mbp meanbp* bp *bp pas pad_mm pam blood_pressure systol* diastol* pression* blutdruck*
    tension_art* tensao* presion* pressione* pression_art* bloeddruk* rr_syst* rrsys rrdia hr hrt hrt1
    heart_rate heartrte
    heartrate fc pulse* puls* pouls pols frecuencia* frequenza* frequencia* frequence* herzfreq* hartslag* resp1
    resp_rate rr fr atemfreq* ademfreq* temp temp1 temperat* fievre fieber* fever* febre febbre koorts spo2*
    sao2 sat satur*
    sato2 fio2 gcs glasgow* *gcs diures* urine_out* ef lvef fevi fevg lvedd nyha killip ccs ecg qrs qtc *fraction
    ejection* auswurff* lvot tapse fev1 fvc vems dlco waist* hip_circ* tailleumf* pain_score vas
    """
)
SCORES = Lexicon(
    """
    sofa* *sofa qsofa apache* aps aps1 saps* igs* sapsii igsii sps iss triss mods news news2 mews curb* curb65
    crb65 psi
    pesi meld* child* child_pugh asa asascore euroscore* sts_* cha2ds2* chads* hasbled has_bled grace_score timi
    nihss*
    mrs_pre* ecog *ecog karno* *karno kps ps_ecog ecog_ps performance_st* frail* cfs fragil* barthel* katz adl*
    iadl *adl
    adld3p mmse moca phq* gad7 madrs hamd* das28 haq nutrition* nrs2002 mna who_score who_class severity
    schweregr* gravite
    gravedad gravita gravidade ernst* prognostic_index npi prognost* risk_score riskscore score2 framingham_risk
    murray* lung_injury* berlin_class* rass
    """
)
TUMOUR = Lexicon(
    """
    tsize tgrade pnodes progrec estrec menostat stage* stade stadium stadio estadio estadi* tnm ctnm grade grad
    *grade tumor* tumour* tumeur* tumore size taille_tum*
    nodes node* *nodes n_stage t_stage m_stage lymph_node* noduli histol* celltype cell_type differ extent
    margin* er pr her2* pgr progestin* oestrogen* estrogen* receptor* recept* hormone_recept* ki67 meno
    menopaus* menop*
    mutation* egfr_mut* kras braf idh mgmt pdl1 msi brca* gleason* breslow* clark* clarks ulcer* adhere perfor
    obstruct
    surg node4 lesion* resid_ds residual_ds karyotyp* cytogen* blast* fab
    """
)
DRUGS = Lexicon(
    """
    aspirin* aspir* clopid* statin* betabl* beta_block* bbloq* ace_inh* aceinh* acei arb raas ieca iec ara2
    sartan* ara_ii
    diuret* metformin* anticoag* antikoag* antiagreg* antiplat* warfarin* noac doac aod bpmeds antihypert* antiarrh*
    digox* digitalis medication* medikat* medicament* home_med* corticost_hab*
    """
)
WOMEN_AND_CHILDREN = Lexicon(
    """
    parity parite gravid* gestat* gestational_age gest_age ssw apgar* birth_weight birthweight bwt geburtsgew*
    lwt ptl ftv
    poids_naissance peso_nac* multiple_birth
    """
)
MEASURED = {
    "laboratory value": LABORATORY,
    "vital sign": VITALS,
    "score": SCORES,
    "description of the disease": TUMOUR,
    "usual drug": DRUGS,
    "birth": WOMEN_AND_CHILDREN,
}

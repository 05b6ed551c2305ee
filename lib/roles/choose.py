"""Words in the names of columns that say who a patient is and how they were treated, in English, French, German, Dutch,
Spanish, Italian and Portuguese, without accents. See Lexicon for the marks."""

from .lexicon import Lexicon

ID = Lexicon(
    """
    id ids pid pidnum patid patientid patient_id subjid usubjid subjectid seqn randid ptid caseid studyid
    study_id record_id
    recordid patient subject identifier identif* pat_id patnr patientnr patientennr patientennummer patientnummer
    patientnumber fallnummer fallnr =case case_id participant participant_id code_patient patient_code
    numero_patient num_patient num_dossier numero_dossier n_dossier no_dossier dossier ipp nip nda paciente
    num_paciente
    nhc historia_clinica expediente paziente cod_paziente codice codigo_paciente prontuario deelnemer proefpersoon
    patientcode pseudonym* mrn kenn* laufnummer
    """
)
WEAK_ID = Lexicon("code nr no num n number numero nummer index row rownames rowid obs lfd x unnamed_0 line zeile ligne")
GROUPS = Lexicon(
    """
    treat treated treatment* trt* trtgrp tx rx rand random* group grp groups arm arms armcd actarm *arm *group *grp
    intervention* interv exposed exposure expos* allocat* alloc assign* msc mscs csm therapy_group cohort_arm
    traitement* traite traites ttt tttmt groupe grp bras expose* exposition randomisation
    behandlung* behandelt* gruppe* *gruppe arm studienarm therapiearm verum
    behandeling* behandeld* groep* *groep
    tratamiento* tratado* grupo* brazo* intervencion expuesto*
    trattamento* trattat* gruppo* braccio esposto
    tratamento* tratad* braco exposto
    """
)
GIVEN = Lexicon(
    """
    drug drugs therapy therapie* terapia* *therapy *therapie *terapia chemo* chimio* quimio* hormon hormont* hormonal*
    radioth* radiat* rtx ct_rt immunoth* surgery surger* chirurg* cirug* operation operat* transplant*
    *transplant graft
    implant* stent* cabg pci rhc swang1 swan* ecmo steroid* cortico* dexameth* dexa* hydrocort* prednis* methylpred*
    tocilizumab* anakinra baricitinib ritux* infliximab adalimumab *mab *nib remdesivir hydroxychl* hcq azithro*
    antibiotic* antibio* antiviral* heparin* lmwh statin_given vaccin* plasma ivig infus* injection* dosis_given
    stem_cell* stemcell* cellules_souches stammzell* celulas_madre treated_with received recu erhalten recibio
    qsmk horth quit* cessation sevrage_tabac arret_tabac levamisole penicil* lithium_arm program* training
    intervention_given
    vitamin_c thiamine albumin_given nirs prone_position
    """
)
ALONE = Lexicon("=t =z =a =w =tr =d =treat =x")
REVERSED = Lexicon(
    "control controls ctrl placebo untreated temoin controle kontrolle unbehandelt sin_tratamiento controllo "
    "onbehandeld "
    "nao_tratado non_traite non_trattato no_tratado vergleich comparator"
)
UNORDERED = Lexicon(
    "race ethnicity ethnic marital type region center centre site hospital ward zentrum centro category code "
    "inst service "
    "rasse ethnie raza celltype blood_group"
)
SITES = Lexicon(
    """
    site* center* centre* hospital* inst* ward* region* clinic* klinik* zentrum* centro* device* physician*
    doctor* surgeon*
    country* study family* house* visit* blood* sanguin* sang blut* bloed* sangre sangue rh rhesus abo risk* risque
    risiko* riesgo rischio risco diagnos* stage diet food peer control_group_id
    """
)

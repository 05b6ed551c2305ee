"""Headers of public data sets and of hospital files, each column with a letter for its values and what it may be.

"name:values" or "name:values:role".  values: n numbers, p numbers above 0, k whole numbers from 1 "
"to 5, b 0 and 1, c 1 and
2, e 0, 1 and 2, i ids, j ids in two rows each, t two texts, g three texts, y yes and no, u dates, m mostly missing.
role: + may be a covariate, - must not be; T time, E event, R treatment, I id, ? asked about.
"""

import numpy as np
import pandas as pd

N = 60


def column(values: str, number: int) -> list:
    """Made-up values of one kind; `number` makes two columns of one kind differ."""
    rng = np.random.default_rng(number)
    made = {
        "n": lambda: rng.normal(10, 3, N).round(3).tolist(),
        "p": lambda: rng.integers(1, 400, N).tolist(),
        "k": lambda: (rng.permutation(N) % 5 + 1).tolist(),
        "b": lambda: rng.permutation([0, 1] * (N // 2)).tolist(),
        "c": lambda: rng.permutation([1, 2] * (N // 2)).tolist(),
        "e": lambda: rng.permutation([0, 1, 2] * (N // 3)).tolist(),
        "i": lambda: (rng.permutation(N) + 1000).tolist(),
        "j": lambda: (np.arange(N) // 2 + 1000).tolist(),
        "t": lambda: rng.permutation(["early", "late"] * (N // 2)).tolist(),
        "g": lambda: rng.permutation(["aa", "bb", "cc"] * (N // 3)).tolist(),
        "y": lambda: rng.permutation(["Yes", "No"] * (N // 2)).tolist(),
        "u": lambda: [f"2020-01-{day:02d}" for day in rng.integers(1, 29, N)],
        "m": lambda: np.where(rng.random(N) < 0.8, np.nan, rng.random(N)).tolist(),
    }
    return made[values]()


def frame(header: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """The frame of a header, and the mark of each column that has one."""
    parts = [entry.rsplit(":", entry.count(":")) for entry in header.split()]
    made = {part[0].replace("~", " "): column(part[1], number) for number, part in enumerate(parts)}
    return pd.DataFrame(made), {part[0].replace("~", " "): part[2] for part in parts if len(part) > 2}


PUBLIC = {
    "lung": "inst:k time:p:T status:c:E? age:p:+ sex:c:+ ph.ecog:e:+ ph.karno:p:+ pat.karno:p:+ meal.cal:p wt.loss:n:-",
    "veteran": "trt:c:R? celltype:g:+ time:p:T status:b:E karno:p:+ diagtime:p:+ age:p:+ prior:b",
    "ovarian": "futime:p:T fustat:b:E age:n:+ resid.ds:c rx:c:R? ecog.ps:c:+",
    "pbc": "id:i:I time:p:T status:e:E? trt:c:R? age:n:+ sex:t:+ ascites:b:+ hepato:b:+ spiders:b:+ edema:n:+ bili:n:+ "
    "chol:p:+ albumin:n:+ copper:p:+ alk.phos:n:+ ast:n:+ trig:p:+ platelet:p:+ protime:n:+ stage:k:+",
    "colon": "id:j:I? study:b:- rx:g:R? sex:b:+ age:p:+ obstruct:b:+ perfor:b:+ adhere:b:+ nodes:p:+ "
    "status:b:E differ:k "
    "extent:k:+ surg:b node4:b:+ time:p:T etype:c:-",
    "jasa": "birth.dt:u:- accept.dt:u:- tx.date:u:- fu.date:u:- fustat:b:E surgery:b:? age:n:+ "
    "futime:p:T wait.time:p:- "
    "transplant:b:? mismatch:k:- hla.a2:b:- mscore:n:- reject:b:-",
    "heart": "start:p:- stop:p:- event:b:- age:n:+ year:n:- surgery:b:? transplant:b:? id:j:I?",
    "gbsg": "pid:i:I age:p:+ meno:b:+ size:p:+ grade:k:+ nodes:p:+ pgr:p:+ er:p:+ hormon:b:R rfstime:p:T status:b:E",
    "rotterdam": "pid:i:I year:p:- age:p:+ meno:b:+ size:g:+ grade:c:+ nodes:p:+ pgr:p:+ er:p:+ hormon:b:? chemo:b:? "
    "rtime:p:T recur:b:E dtime:p:T death:b:E",
    "nafld1": "id:i:I age:p:+ male:b:+ weight:n:+ height:n:+ bmi:n:+ case.id:p:- futime:p:T status:b:E",
    "mgus2": "id:i:I age:p:+ sex:t:+ dxyr:p:- hgb:n:+ creat:n:+ mspike:n:+ ptime:p:T pstat:b:E futime:p:T death:b:E",
    "aml": "time:p:T status:b:E x:t:R?",
    "bladder1": "id:j:I? treatment:g:R? number:k:- size:k:+ recur:k:- start:p:- stop:p:- status:e:- "
    "rtumor:k rsize:k enum:k:-",
    "stanford2": "id:i:I time:p:T status:b:E age:p:+ t5:n:-",
    "support2": "age:n:+ death:b:- sex:t:+ hospdead:b:- slos:p:- d.time:p:- dzgroup:g:+ dzclass:g:+ num.co:k:- edu:p:+ "
    "income:g:+ scoma:p:- charges:p:- totcst:p:- totmcst:p:- avtisst:n:- race:g:+ sps:n:+ aps:p:+ "
    "surv2m:n:- surv6m:n:- "
    "hday:p:- diabetes:b:+ dementia:b:+ ca:g:+ prg2m:n:- prg6m:n:- dnr:g:- dnrday:p:- meanbp:p:+ "
    "wblc:n:+ hrt:p:+ resp:p:- "
    "temp:n:+ pafi:n:+ alb:n:+ bili:n:+ crea:n:+ sod:p:+ ph:n:+ glucose:p:+ bun:p:+ adlp:k:+ sfdm2:g:-",
    "rhc": "cat1:g:+ ca:g:+ sadmdte:p:- dschdte:p:- dthdte:m:- lstctdte:p:- death:y:- cardiohx:b:+ "
    "chfhx:b:+ age:n:+ sex:t:+ "
    "edu:n:+ surv2md1:n:- das2d3pc:n:- t3d30:p:- dth30:y:- aps1:p:+ meanbp1:p:+ hrt1:p:+ temp1:n:+ pafi1:n:+ alb1:n:+ "
    "crea1:n:+ sod1:p:+ paco21:n:+ ph1:n:+ swang1:t:R? wtkilo1:n:+ dnr1:y:- sepsis:y:- ptid:i:I",
    "lalonde": "treat:b:R age:p:+ educ:p:+ race:g:+ married:b:+ nodegree:b:+ re74:n:+ re75:n:+ re78:n:-",
    "nhefs": "seqn:i:I qsmk:b:R death:b:- yrdth:m:- modth:m:- dadth:m:- sex:b:+ age:p:+ race:b:+ education:k:+ "
    "smokeintensity:p:+ smokeyrs:p:+ exercise:e:+ active:e:+ wt71:n:+ wt82:n:- wt82_71:n:- sbp:p:+ "
    "dbp:p:+ cholesterol:p:+",
    "titanic": "PassengerId:i:I Survived:b:- Pclass:k:+ Sex:t:+ Age:n:+ SibSp:k:+ Parch:k:+ Ticket:i:- "
    "Fare:n:- Embarked:g:+",
    "framingham": "RANDID:i:I SEX:c:+ TOTCHOL:p:+ AGE:p:+ SYSBP:n:+ DIABP:n:+ CURSMOKE:b:+ CIGPDAY:p:+ "
    "BMI:n:+ DIABETES:b:+ "
    "BPMEDS:b:+ HEARTRTE:p:+ GLUCOSE:p:+ educ:k:+ PREVCHD:b:+ PREVSTRK:b:+ PREVHYP:b:+ PREVMI:b:+ TIME:p PERIOD:k:- "
    "HDLC:p:+ LDLC:p:+ DEATH:b:- ANGINA:b:- HOSPMI:b:- MI_FCHD:b:- ANYCHD:b:- STROKE:b:- CVD:b:- "
    "HYPERTEN:b:- TIMEAP:p:- "
    "TIMEMI:p:- TIMEMIFC:p:- TIMECHD:p:- TIMESTRK:p:- TIMECVD:p:- TIMEDTH:p:- TIMEHYP:p:-",
    "tcga": "bcr_patient_barcode:i age_at_diagnosis:p:+ gender:t:+ vital_status:b:- days_to_death:m:- "
    "OS:b:- OS.time:p:- "
    "DSS:b:- DSS.time:p:- PFI:b:- PFI.time:p:- new_tumor_event_type:g:- treatment_outcome_first_course:g:-",
    "actg": "pidnum:i trt:b:R age:p:+ wtkg:n:+ hemo:b:- homo:b:- drugs:b:- karnof:p:+ oprior:b z30:b "
    "race:b:+ gender:b:+ "
    "str2:b:- symptom:b offtrt:b:- cd40:p cd420:p cd496:p r:b:- cid:b:- days:p:-",
    "adtte": "USUBJID:i:I TRTP:t:R? AGE:p:+ SEX:t:+ RACE:g:+ PARAMCD:g:- AVAL:p:T CNSR:b:E STARTDT:u:- ADT:u:-",
    "gbsg2": "horTh:y:R age:p:+ menostat:t tsize:p tgrade:g pnodes:p progrec:p estrec:p time:p:T cens:b:E?",
    "rotterdam os": "id:i:I arm:t:R? age:p:+ OS_MONTHS:p:T OS_STATUS:b:E? DFS_MONTHS:p:T DFS_STATUS:b:E?",
    "ms": "id:i:I arm:b:R sex:b:+ edss_baseline:n:+ edss_m12:n:- relapses_prior:k relapse_rate:n:-",
    "sim": "id:i:I t:b:R X1:n:+ X2:n:+ X3:n:+ y:n:-",
    "sim names": "patient:i:I A:b:R L1:n:- Y:b:-",
}
HOSPITAL = {
    "fr issue": "ID:i:I Groupe:b:R Age:p:+ Issue:t:-",
    "fr devenir": "IPP:i:I Bras:b:R Age:p:+ Devenir:b:- Evolution:g:- Statut:t:-",
    "fr vm": "NIP:i:I Traitement:b:R IGS2:p:+ JoursVM:p:- DMS:p:- Durée~de~ventilation:p:- DMH:p:- Jours~VM:p:-",
    "fr infection": "NDA:i:I Groupe:b:R SOFA:p:+ Infection~nosocomiale:b:- PAVM:b:- Choc~septique:b:- "
    "HTA:b:+ ATCD~AVC:b:+",
    "fr labs": "id:i:I bras:b:R Créatinine~J0:n:+ Créatinine~J7:n:- Plaquettes:n:+ Lactate~(mmol/L):n:+ "
    "Lactates~H24:n:- "
    "Poids~(kg):n:+ Taille~(cm):n:+ Sexe:t:+ Tabac:b:+ Alcool:b:+",
    "fr dates": "id:i:I groupe:b:R date_deces:u:- Décès~hospitalier:b:- Décès~J28:b:- délai_décès:p:- "
    "survie:b:- vivant_J90:b:-",
    "fr support": "id:i:I groupe:b:R VNI:b:- Intubation:b:- EER:b:- Amines:b:- Oxygène:b:- Sortie~à~domicile:b:-",
    "de status": "Patientennummer:i:I Gruppe:b:R Alter:p:+ Geschlecht:t:+ Entlassstatus:t:- "
    "Überlebt:b:- Todesdatum:u:-",
    "de tage": "PatNr:i:I Behandlung:b:R BMI:n:+ Beatmungstage:p:- Liegedauer:p:- ITS-Tage:p:- "
    "Krankenhausverweildauer:p:- "
    "Beatmungsdauer~(h):p:- Aufenthaltsdauer:p:-",
    "de labor": "Pat_ID:i:I Therapiearm:b:R Leukozyten:n:+ Thrombozyten:n:+ Kreatinin:n:+ Kreatinin_Entlassung:n:- "
    "Hämoglobin~(g/dl):n:+ Vorerkrankung_Diabetes:b:+ Bluthochdruck:b:+ Raucher:b:+ Größe:n:+ Gewicht:n:+",
    "de ereignis": "Fallnr:i:I Gruppe:b:R Ereignis:b:- Rezidiv:b:- Komplikationen:b:- Nachbeobachtung_Tage:p:- "
    "Krankenhausmortalität:b:- 30-Tage-Letalität:b:- verstorben:b:-",
    "nl": "patientnummer:i:I groep:b:R leeftijd:p:+ geslacht:t:+ overleden:b:- opnameduur:p:- "
    "ligduur:p:- beademingsdagen:p:- "
    "ontslag_status:t:- follow-up~dagen:p:- gewicht:n:+ roken:b:+ heropname:b:-",
    "es": "NHC:i:I grupo:b:R edad:p:+ sexo:t:+ exitus:b:- fallecido:b:- estancia_uci:p:- días_ventilación:p:- "
    "reingreso:b:- mortalidad_28d:b:- hipertensión:b:+ tabaquismo:b:+ supervivencia:p:- alta:b:- "
    "creatinina:n:+ peso:n:+",
    "it": "ID_paziente:i:I gruppo:b:R età:p:+ sesso:t:+ decesso:b:- deceduto:b:- giorni_ventilazione:p:- degenza:p:- "
    "esito:t:- ricaduta:b:- ipertensione:b:+ fumo:b:+ altezza:n:+ dimissione:t:- recidiva:b:-",
    "pt": "prontuario:i:I grupo:b:R idade:p:+ sexo:t:+ óbito:b:- falecido:b:- dias_de_internamento:p:- desfecho:t:- "
    "alta_hospitalar:b:- sobrevida:p:- hipertensão:b:+ tabagismo:b:+ peso:n:+ tempo_de_seguimento:p:-",
    "spss": "PATID:i:I ARM:b:R AGEADM:p:+ SEXE:t:+ HOSPMORT:b:- MORT28:b:- DTHDAY28:b:- LOSICU:p:- "
    "LOSHOSP:p:- VENTDAYS:p:- "
    "DIEDHOSP:b:- SURVDAYS:p:- OUTCM:b:- APACHE2:p:+ SAPS2:p:+",
    "upper": "ID:i:I TREATMENT:b:R AGE~(YEARS):p:+ ICU~MORTALITY:b:- HOSPITAL~MORTALITY:b:- ICU~LENGTH~OF~STAY:p:- "
    "VENTILATOR-FREE~DAYS:p:- VFD28:p:- TIME~TO~EXTUBATION:p:- REINTUBATION:b:- DAY-28~STATUS:b:-",
    "camel": "patientId:i:I treatmentArm:b:R ageAtAdmission:p:+ deathWithin30Days:b:- lengthOfStay:p:- "
    "readmittedWithin90d:b:- "
    "crpDay0:n:+ crpDay7:n:- sofaBaseline:p:+ sofaMax:p:- lactateWorst:n:-",
    "onco": "pid:i:I arm:b:R ECOG:k:+ stage:g:+ PSA:n:+ OS:p PFS:p:- response:g:- BestResponse:g:- "
    "progression:b:- ORR:b:- "
    "toxicity:b:- time_to_progression:p:- censoring:b:- prior_chemo:b",
    "cardio": "id:i:I group:b:R LVEF:n:+ NYHA:k:+ NTproBNP:n:+ MACE:b:- stroke:b:- MI:b:- "
    "revascularisation:b:- HF_hospitalization:b:- "
    "bleeding:b:- CV_death:b:- history_of_stroke:b:+ prior_MI:b:+ eGFR_12months:n:- change_LVEF:n:-",
    "surgery": "MRN:i:I group:b:R ASA:k:+ complications:b:- Clavien:k:- reoperation:b:- anastomotic_leak:b:- LOS:p:- "
    "readmission_30d:b:- op_time:p:- blood_loss:p:- postop_hb:n:- preop_hb:n:+ conversion:b:- 30d_mortality:b:-",
    "transplant": "id:i:I arm:b:R donor_age:p:- donor_type:t:- graft_failure:b:- rejection:b:- DGF:b:- "
    "eGFR_1y:n:- GVHD:b:- "
    "death_censored_graft_loss:b:- HLA_mismatch:k:-",
    "neuro": "id:i:I tx:b:R NIHSS:p:+ mRS_90d:k:- mRS:k:- good_outcome:b:- sICH:b:- recanalization:b:- "
    "age:p:+ NIHSS_24h:p:-",
    "psy": "id:i:I group:b:R PHQ9:p:+ PHQ9_week12:p:- remission:b:- relapse:b:- dropout:b:- "
    "HAMD_change:n:- QoL_final:n:-",
    "neonate": "id:i:I group:b:R gestational_age:n:+ birth_weight:p:+ apgar5:k:+ BPD:b:- IVH:b:- "
    "NEC:b:- discharge_weight:n:-",
    "wrong case": "pAtId:i:I GRP:b:R aGe:p:+ DEATH_hosp:b:- STATUS_j90:b:- SUIVI_J:p:- FOLLOW_UP_MONTHS:p:-",
    "cost": "id:i:I group:b:R age:p:+ total_cost:n:- hospital_charges:n:- icu_days:p:- "
    "hospital_days:p:- days_alive_out_of_hospital:p:-",
    "qol": "id:i:I arm:b:R EQ5D_baseline:n:+ EQ5D_6m:n:- EQ5D_discharge:n:- VAS_end:n:- pain_after:n:-",
    "recovery": "id:i:I arm:b:R recovered:b:- recovery_time:p:- clinical_improvement:b:- WHO_scale_d14:k:- cured:b:- "
    "intubated_or_died:b:- discharged_alive:b:- O2_free_days:p:- need_icu:b:- viral_clearance:b:-",
}

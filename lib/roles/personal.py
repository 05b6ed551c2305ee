"""Words in the names of columns that may identify a patient, and words beside which they mean something else: English,
French, German, Dutch, Spanish, Italian and Portuguese. A weak word needs values that look the part."""

import unicodedata


def word_set(listed: str) -> frozenset[str]:
    """The words of a text with blanks between them, and each without its accents as well."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", listed) if not unicodedata.combining(letter))
    return frozenset(f"{listed} {plain}".replace("ß", "ss").split()) | frozenset(listed.split())


NAME = word_set(
    """
    name names surname firstname lastname fullname forename maidenname patientname initials
    nom noms prenom prénom prenoms prénoms nomnaissance initiales
    vorname nachname familienname patientenname geburtsname initialen zuname
    naam voornaam achternaam initialen roepnaam
    nombre nombres apellido apellidos iniciales
    nome cognome nominativo iniziali
    sobrenome apelido apelidos iniciais
    """
)
NAME_WEAK = word_set("name names nom noms nombre nombres nome naam initials")
OF_PERSON = word_set("last first family given middle full patient famille usage paciente paziente patiënt doente")
NOT_PERSON = word_set(
    """
    drug drugs medication medicine hospital center centre site ward unit device study trial test file variable protocol
    médicament medicament hôpital hopital service essai étude etude dispositif
    medikament klinik zentrum krankenhaus station studie gerät
    medicijn ziekenhuis afdeling studie
    medicamento fármaco farmaco centro servicio estudio
    farmaco ospedale reparto studio
    fármaco hospital estudo serviço
    disease diagnosis diagnostic diagnose procedure country city product brand species gene column
    """
)
BIRTH = word_set(
    """
    birth birthdate birthday dob yob born
    naissance ddn datenaissance né née nee
    geburt geburtsdatum geburtstag geburtsjahr gebdatum geb
    geboorte geboortedatum geboortejaar
    nacimiento fechanacimiento fnac
    nascita datanascita
    nascimento datanascimento
    """
)
NOT_BIRTH = word_set(
    "weight poids gewicht peso length taille grösse order rang place lieu ort lugar luogo country pays gestation"
)
OTHER_DAY = word_set(
    """
    admission discharge diagnosis diagnosed surgery operation operated followup visit inclusion enrolment death died
    transplant treatment event contact randomisation randomization
    entrée entree sortie diagnostic opération décès deces chirurgie suivi visite greffe
    aufnahme entlassung diagnose op operationsdatum tod todesdatum
    opname ontslag overlijden operatie
    ingreso alta diagnóstico diagnostico cirugía cirugia muerte
    ricovero dimissione diagnosi intervento decesso
    internamento internação óbito obito cirurgia
    """
)
RECORD = word_set(
    """
    mrn ssn nhs passport medicare insurance
    dossier ipp nss niss nir ins
    fallnummer patientennummer versichertennummer versichertennr aktenzeichen krankenkasse fallnr patientennr
    patiëntnummer patientnummer bsn dossiernummer zorgnummer
    expediente dni nhc nuhsa
    cartella codicefiscale
    prontuário prontuario utente cpf nif
    """
)
RECORD_WEAK = word_set("historia chart nip ins nir ipp fiscale processo hospitalnumber")
PHONE = word_set(
    """
    phone telephone cellphone téléphone telefon telefonnummer handy handynummer telefoon telefoonnummer teléfono
    telefono telefone telemóvel telemovel mobiltelefon
    """
)
PHONE_WEAK = word_set("tel mobile mobil portable fax móvil movil cell cellulare celular gsm mobiel")
ADDRESS = word_set(
    """
    address adresse anschrift adres dirección direccion indirizzo endereço endereco morada domicilio
    street strasse straße straat calle zip zipcode postal postcode postalcode postleitzahl plz codepostal
    wohnort woonplaats domicile
    """
)
ADDRESS_WEAK = word_set("rue via rua cp cap city ville ciudad città citta cidade stadt town residence")
EMAIL = word_set("email mail courriel correo")

"""What the five imagined vendors' headers mean, the events they hold, and the shape of what a reader should find."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


def grid(text: str) -> list[list[str]]:
    """Rows parted by a line end or a semicolon, cells parted by `|`."""
    return [[cell.strip() for cell in row.split("|")] for row in re.split("[;\n]", text) if row.strip()]


def _columns(text: str) -> dict[str, tuple[tuple[str | None, ...], list[str]]]:
    """`Header > meaning/tolerated = values to cycle through`, parted by semicolons; no meaning: not to be used."""
    parts = [re.fullmatch(r"(.+?)(?: > (.+?))?(?: = (.+))?", " ".join(x.split())).groups("") for x in text.split(";")]
    return {head: (tuple(m.strip("-") or None for m in what.split("/")), fill.split(",")) for head, what, fill in parts}


@dataclass(frozen=True)
class FileExpected:
    """One file; all lines but the header line, so titles above it and blank lines are among the ignored."""

    kind: str
    table: str  # in MEANINGS
    accepted: int
    ignored: Mapping[str, int]
    held: Mapping[str, int]
    duplicate: int = 0
    sheet: str | None = None

    @property
    def columns(self) -> dict[str, str | None]:
        """Every header and its meaning; None is a column that should not be used (MEANINGS has tolerated others)."""
        return {name: meanings[0] for name, (meanings, _) in MEANINGS[self.table].items()}


@dataclass(frozen=True)
class Expected:
    """One vendor. An event happened if it asserts a reaction to toxin in the patient, even resolved."""

    files: Mapping[str, FileExpected]
    sessions: int
    injectors: int
    happened: Mapping[str, int]  # by file
    quiet: tuple[str, ...]  # ids (call-backs: patients) of the events that did not happen
    session_values: tuple[tuple[str, str, float | None, str], ...]  # patient, date, units, brand
    event_values: tuple[tuple[str, str, str], ...]  # event id (call-backs: patient), meaning, value when read
    question: tuple[str, str, str] | None = None  # what must be asked, of which file, the true answer (as held above)


# The first meaning is the expected one; after a slash, one that a careful person could not call wrong.
MEANINGS = {
    "us_treatments": _columns("""Visit # > treatment_id; DOS > treatment_date; MRN > patient_key; Patient Name >
        person_name; DOB; Phone; E-mail; Rendering Provider > injector; Loc > clinic; Dept > service_category; Charge
        Code > -/service_category; Procedure Description > treatment_type; Drug / Supply > product; Qty > dose_units;
        Lot No. > lot; Anatomic Site > area; Visit Status > service_status; Charges"""),
    "us_events": _columns("""Concern # > event_id; Logged > reported_date; MRN > patient_key; Patient > person_name;
        Visit # > treatment_id; DOS > treatment_date; Symptom Start > onset_date; Narrative > text; Side > laterality;
        Sev > severity; Serious? > seriousness = N; Clinical Plan > action_taken; Reported To > reported_to; Status at
        Last Contact > outcome; Resolved On > resolved_date; Assigned To = K. Desk,,N. Hallberg; Photos = Y,N,"""),
    "uk_treatments": _columns("""Booking Ref > treatment_id; Appt Date > treatment_date; Start; Client No > patient_key;
        Client > person_name; Mobile; Practitioner > injector; Branch > clinic; Service > treatment_type/area; Service
        Group > service_category; Booking State > service_status; Consumable > product; Batch > lot; Used > dose_units;
        Blood thinning meds? > blood_thinner; Paid (£); Notes"""),
    "uk_events": _columns("""Submission ID > event_id; Submitted at > reported_date; Client No > patient_key; Client >
        person_name; Date of your treatment > treatment_date; What happened? > text; How bad? > severity; Which side? >
        laterality; When did it start? > onset_date; Advice given > action_taken; All better? > outcome; Date better >
        resolved_date; MHRA / insurer told > reported_to; Marketing opt-in = No,Yes,No; Form version = v4"""),
    "es_treatments": _columns("""Nº Acto > treatment_id; Fecha > treatment_date; Hora; Nº Historia > patient_key;
        Paciente > person_name; Teléfono; Profesional > injector; Titulación > injector_credential; Sede > clinic;
        Prestación > treatment_type; Familia > service_category; Estado cita > service_status; Producto > product; Lote
        > lot; Cantidad > dose_units; Zona > area; Toma anticoagulantes > blood_thinner; Toxina previa > prior_toxin;
        Importe (€)"""),
    "es_events": _columns("""Nº Registro > event_id; Fecha comunicación > reported_date; Nº Historia > patient_key;
        Fecha tratamiento > treatment_date; Fecha inicio > onset_date; Descripción > text; Zona > area; Lado >
        laterality; Intensidad > severity; ¿Grave? > seriousness; Causalidad > causality = Probable,Posible,; Medidas
        adoptadas > action_taken; Notificado a > reported_to; Evolución > outcome; Fecha resolución > resolved_date;
        Registrado por = Recepción,Dra. Ficticia"""),
    "hospital_list": _columns("""Hosp No > patient_key; Surname > person_name; Forename > person_name; D.O.B.;
        Attendance date > treatment_date; Clinic > clinic; Attended? > service_status; Indication > treatment_type; Seen
        by > injector; Grade > injector_credential; Brand > product; Batch / expiry > lot; Total units > dose_units;
        Muscles injected > area; Previous BoNT > prior_toxin; Anticoag / antiplatelet > blood_thinner; Phone review >
        followed_up; Clerk"""),
    "hospital_events": _columns("""ID > event_id; Incident date > onset_date; Opened = 03/03/2025; Reported >
        reported_date; Hospital number > patient_key; Name of person affected > person_name; Site > clinic =
        Main,East,Main; Category > event_category/- = Medication; Description > text; Date of procedure >
        treatment_date; Clinician at procedure > injector; Action taken > action_taken; Degree of harm; External report
        > reported_to; Closed = 31/03/2025,; Handler = Patel R,Okoye T; Approval status = Being reviewed,Finally
        approved"""),
    "nurse_book": _columns("""When > treatment_date; Card no. > patient_key; Name > person_name; Tel; Who > injector;
        What > area/treatment_type; Drug > product; Lot > lot; Units > dose_units; Aspirin etc? > blood_thinner;
        Complications > text; Paid"""),
    "nurse_calls": _columns("""Card no. > patient_key; Called > reported_date; What they said > text; Told them >
        action_taken; Better? > outcome; By = MK,MK,"""),
}
# One row per line; a column with a constant or a cycle in MEANINGS is left out.
EVENTS = {
    "us_events": """
C-101|1/16/2025 9:12 AM|D40201|V88201|1/7/2025|1/12/2025|R upper lid droop, 2 mm.|R|Moderate|||Recovered|2/20/2025
C-102|1/13/2025 2:40 PM|D40383|V88203|1/10/2025|1/11/2025|HA x 2 days, took Tylenol, better.||Mild|||Recovered
C-103|1/22/2025 11:05 AM|D40409|V88208|1/20/2025|1/20/2025|Small bruise L brow. Denies ptosis, diplopia.|L|Mild
C-104|1/27/2025 10:30 AM|D40474|V88204|1/13/2025||No complaints at 2 week check, no adverse events.
C-105|2/7/2025 4:15 PM|D40435|V88213|1/28/2025|2/3/2025|Brow heaviness, improving.|Both|Moderate|Reassured
C-108|2/12/2025 5:45 PM|D40461|V88218|2/7/2025|2/10/2025|Trouble swallowing pills and hoarse since Monday. \
Seen in ED, home same day.||Severe|Referred|FDA MedWatch|Ongoing
C-109|2/18/2025 8:31 AM|D40214|V88220|2/10/2025||Asked whether droopy lids can happen. None present.
C-111|2/25/2025 3:10 PM|D40149|V88224|2/17/2025
C-112|3/14/2025 9:00 AM|D40331|V88226|2/21/2025||No effect, still full movement at 3 weeks.|||Touch-up offered
C-113|3/17/2025 8:44 AM|D40201|||3/13/2025|Neck felt weak, head hard to hold up.||Severe|Neurology consult
C-103|1/22/2025 11:05 AM|D40409|V88208|1/20/2025|1/20/2025|Small bruise L brow. Denies ptosis, diplopia.|L|Mild""",
    "uk_events": """
F-3301|2025-01-15T08:02:11Z|CL1000|07/01/2025|Droopy left eyelid|Moderate|Left|12/01/2025|Review booked|Getting better
F-3307|2025-01-15T19:41:50Z|CL1063|07/01/2025|Just a tiny bruise by my right eye|Mild|Right|next day||Yes|15/01/2025
F-3312|2025-01-28T12:00:45Z|CL1315|14/01/2025|All good thanks, no problems|||||Yes
F-3318|2025-01-27T21:09:30Z|CL1045|16/01/2025|Can't lift my eyebrows, feels heavy|Moderate|Both|22/01/2025||No
F-3320|2025-01-29T10:55:12Z|CL1171|21/01/2025|One eyebrow higher than the other (spock)||Right|1 wk|Top up booked
F-3333|2025-02-12T09:33:21Z|CL1072|04/02/2025|Loved it, see you in 3 months!
F-3341|2025-02-17T06:48:59Z|CL1261|11/02/2025|Double vision since Sunday, scary|Severe|Both|16/02/2025|A&E|No||MHRA
F-3344|2025-01-16T18:30:00Z|CL1252|14/01/2025|Swollen lips from the lip filler|Mild|Both|15/01/2025|Ice|Yes|18/01/2025
F-3350|2025-02-10T11:11:11Z|CL1216|30/01/2025|My sister had a droopy eye once so I was worried, mine are fine
F-3352|2025-02-20T13:25:37Z|CL1180|18/02/2025|Bruise between my brows|Mild||31/02/2025||No""",
    "es_events": """
R-1|17-02-2025|3000|03-02-2025|09-02-2025|Ptosis palpebral derecha|Entrecejo|Der|Moderada|No|Revisión||En recuperación
R-2|05-02-2025|3077|04-02-2025|05-02-2025|Hematoma pequeño|Entrecejo||Leve|No|||Recuperado|14-02-2025
R-3|18-02-2025|3154|06-02-2025|13-02-2025|Sonrisa asimétrica, cae la comisura izquierda|Patas de gallo|Izq|Moderada|No
R-5|22-02-2025|3308|08-02-2025||Sin incidencias en la revisión
R-6|14-02-2025|3385|10-02-2025|11-02-2025|Cefalea dos días, ya resuelta|||Leve|No|||Recuperado|13-02-2025
R-7|26-02-2025|3143|12-02-2025||No presenta ptosis ni hematoma, paciente satisfecha
R-8|21-02-2025|3297|15-02-2025|19-02-2025|Debilidad en los brazos y dificultad para tragar|Axilas||Grave|\
Sí (hospitalización)|Ingreso 24 h|SEFV-H|Recuperado|28-02-2025
R-9|27-02-2025|3132|19-02-2025|24-02-2025|Visión doble desde hace tres días|||Grave|No||SEFV-H|No recuperado
R-11||3363|||Hematoma|Entrecejo||Leve
R-12|28-03-2025|3352|01-03-2025||Sin efecto, mantiene el movimiento completo|Frente|||No|Retoque||No recuperado""",
    "hospital_events": """
20401|15/01/2025|16/01/2025|H4471020|Neck weakness, hard to hold head up.|08/01/2025|Dr A. Lindqvist|Collar|Moderate
20402|14/01/2025|15/01/2025|H4471118|Dysphagia to solids.|08/01/2025|Lindqvist A|SALT referral|Moderate|Yellow Card
20403|13/01/2025|17/01/2025|H4471069|Ptosis left eye, vision partly obscured.|08/01/2025|J Mbeki|Lid tape|Low
20404|19/01/2025|20/01/2025||Fridge temperature logged 9.2 C overnight. No patients involved.|||Vials isolated|None
20406|29/01/2025|29/01/2025||Needlestick to staff nurse while recapping.|||Occupational health|Low
20407|25/01/2025|28/01/2025|H4471076|Dry eye and incomplete closure R.|20/01/2025|Sister J. Mbeki|Lubricants|Low
20408|08/02/2025|10/02/2025|H4471132|Hoarse, choking on liquids, admitted overnight.|29/01/2025|LINDQVIST A||Severe
20409|27/02/2025|27/02/2025|H4471139|Did not attend review. Telephoned: no side effects.|12/02/2025||Discharged|None
20410|30/01/2025|31/01/2025|H4471034|Bruise at occiput after steroid nerve block.|29/01/2025|Dr A. Lindqvist||Low
20411|05/02/2025|05/02/2025|H4471230|Vasovagal faint in clinic, recovered after lying flat.|05/02/2025|Mbeki J||Low""",
    "nurse_calls": """
K-012|04/02/2025|L lid drooping, eye looks smaller|drops|no;K-015|02/05/2025|nothing to report||yes
K-016|03/04/2025|bruise R cheek, yellow now|arnica|nearly;K-022|05/02/2025|eyelid still heavy|come in|no
K-023|04/03/2025|no problems at all||yes;K-025|02/04/2025|lines still there, it did nothing|see doctor|no
K-029|06/02/2025|smile crooked on left|wait|no;K-036|02/06/2025|headache came and went||yes
K-043|06/03/2025|tired jaw, tough food is hard|soft food|no;K-047|03/06/2025|no answer, left message""",
}

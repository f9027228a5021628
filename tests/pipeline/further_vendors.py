"""Five further imagined vendors' exports, written from the public description of such exports before the reader saw them.

All people are invented. For each file: what it is, what each header means (a slash parts meanings nobody could call wrong; `-` is
a column not to be used), and how many rows become what.
"""
# ruff: noqa: E501

import io
from dataclasses import dataclass

import openpyxl


@dataclass(frozen=True)
class Export:
    """One file of one vendor. `sheets` has one text table per sheet; a file without sheets has the one sheet ''."""

    name: str
    kind: str
    means: dict[str, str]
    account: tuple[int, int, int]
    """Accepted, quarantined, ignored, over all sheets."""
    sheets: dict[str, str]
    delimiter: str = ","
    encoding: str = "utf-8"

    def content(self) -> bytes:
        """The bytes of the file."""
        if "" in self.sheets:
            rows = _cells(self.sheets[""])
            quoted = [[f'"{c}"' if self.delimiter in c or '"' in c else c for c in row] for row in rows]
            return "".join(self.delimiter.join(row) + "\r\n" for row in quoted).encode(self.encoding)
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, table in self.sheets.items():
            sheet = made.create_sheet(title)
            for row in _cells(table):
                sheet.append(row)
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


@dataclass(frozen=True)
class FurtherVendor:
    """One vendor's exports, and what must come of them as a whole."""

    name: str
    exports: tuple[Export, ...]
    sessions: int
    linked: int
    questions: int
    doses: tuple[float, ...]
    """Units of the sessions that state them, sorted."""
    onsets: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()


def _cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").split("\n")]


def _means(text: str) -> dict[str, str]:
    pairs = (part.split(">") for part in text.replace("\n", " ").split(";"))
    return {" ".join(head.split()): meaning.strip() for head, meaning in pairs}


_CENTRE = FurtherVendor(
    "a chain's centre software that exports invoice lines and guests",
    (
        Export(
            "Item_Sales_Detail.csv", "treatments",
            _means("""Invoice No > treatment_id/-; Sale Date > treatment_date; Center > clinic; Guest Code > patient_key; Guest Name >
                person_name; Item Type > service_category; Item Name > treatment_type/product; Sold By > -; Serviced By > injector;
                Qty > dose_units/-; Batch > lot; Body Area > area; Invoice Status > service_status; Discount > -; Collected > -"""),
            (4, 0, 5),
            {"": """
Invoice No|Sale Date|Center|Guest Code|Guest Name|Item Type|Item Name|Sold By|Serviced By|Qty|Batch|Body Area|Invoice Status|Discount|Collected
INV-1001|2026-09-01|Harbor|G-881|Testa Sample|Service|Botox Cosmetic (per unit)|Front Desk|Ivo Mock|24|C7001|Glabella|Closed|0|288.00
INV-1001|2026-09-01|Harbor|G-881|Testa Sample|Service|Botox Cosmetic (per unit)|Front Desk|Ivo Mock|10|C7001|Forehead|Closed|0|120.00
INV-1001|2026-09-01|Harbor|G-881|Testa Sample|Product|Arnica gel 50 g|Front Desk|Ivo Mock|1|||Closed|0|19.00
INV-1002|2026-09-03|Harbor|G-882|Dora Dummy|Service|Juvederm Ultra 1 mL|Front Desk|Ivo Mock|1|J4|Lips|Closed|0|650.00
INV-1003|2026-09-03|Summit|G-883|Finn Placeholt|Service|Dysport (per unit)|Front Desk|Uma Invent|60|D22|Glabella|Closed|0|270.00
INV-1004|2026-09-16|Summit|G-884|Gail Proxley|Service|Botox Cosmetic (per unit)|Front Desk|Uma Invent|20|C7002|Glabella|No Show|0|0.00
INV-1005|2026-09-17|Summit|G-885|Hugo Shamwell|Service|Botox Cosmetic (per unit)|Front Desk|Uma Invent|20|C7002|Masseter|Closed|0|240.00
INV-1006|2026-09-18|Summit|G-885|Hugo Shamwell|Gift Card|Gift Card 100|Front Desk||1|||Closed|0|100.00
INV-1007|2026-09-20|Harbor|G-886|Iris Testerby|Service|Botox Cosmetic (per unit)|Front Desk|Ivo Mock|20|C7001|Glabella|Refunded|0|-240.00
"""},
        ),
        Export(
            "Incident_Log.csv", "events",
            _means("""Incident # > event_id; Center > clinic; Opened On > reported_date; Guest Code > patient_key; Service Date > treatment_date;
                Provider > injector; Summary > text; Grade > severity; Began > onset_date; Ended > resolved_date/-; Case Owner > -; SLA > -"""),
            (3, 0, 0),
            {"": """
Incident #|Center|Opened On|Guest Code|Service Date|Provider|Summary|Grade|Began|Ended|Case Owner|SLA
77|Harbor|2026-09-09|G-881|2026-09-01|Ivo Mock|Left upper eyelid feels heavy|Moderate|2026-09-07||M. Desk|48h
78|Summit|2026-09-05|G-883|2026-09-03|Uma Invent|Small bruise at injection point|Mild|2026-09-03|2026-09-10|M. Desk|48h
79|Summit|2026-09-30|G-885|2026-09-17|Uma Invent|Trouble chewing steak|Mild|2026-09-24||M. Desk|48h
"""},
        ),
    ),
    sessions=3, linked=3, questions=0, doses=(20.0, 34.0, 60.0), onsets=("2026-09-03", "2026-09-07", "2026-09-24"),
    severities=("mild", "mild", "moderate"), resolved=(),
)  # fmt: skip

_CHARTS = FurtherVendor(
    "a charting program for allied health with long headers and American dates",
    (
        Export(
            "chart-entries.tsv", "treatments",
            _means("""Patient Number > patient_key; Patient > person_name; Date of Birth > -; Visit Date > treatment_date; Staff Member > injector;
                Staff Role > injector_credential; Treatment Name > treatment_type; Neuromodulator > product; Total Units Injected > dose_units;
                Lot / Exp > lot/-; Sites Injected > area; Taking anticoagulants or NSAIDs? > blood_thinner; Previous neuromodulator treatment? >
                prior_toxin; Arrival Status > service_status; Signed > -"""),
            (4, 0, 1),
            {"": """
Patient Number|Patient|Date of Birth|Visit Date|Staff Member|Staff Role|Treatment Name|Neuromodulator|Total Units Injected|Lot / Exp|Sites Injected|Taking anticoagulants or NSAIDs?|Previous neuromodulator treatment?|Arrival Status|Signed
4410|Ada Dummyton|01/02/1980|08/17/2026|Pat Mockford RN|RN|Cosmetic neuromodulator|Xeomin|30|X123|glabella, forehead|No|Yes|Arrived|Yes
4411|Bram Inventry|11/12/1975|08/18/2026|Pat Mockford RN|RN|Masseter reduction|Botox|50|C9|masseter|Yes|No|Arrived|Yes
4412|Cleo Sampler|03/04/1990|08/18/2026|Lee Fictional MD|MD|Migraine protocol|Botox|155|C9|migraine protocol|No|Yes|Arrived|Yes
4413|Dina Muestra|05/06/1988|08/19/2026|Lee Fictional MD|MD|Cosmetic neuromodulator|Jeuveau|20|J1|glabella||No|Arrived|No
4414|Esme Proxley|05/07/1988|08/19/2026|Lee Fictional MD|MD|Cosmetic neuromodulator|Jeuveau||J1|glabella||No|No Show|No
"""},
            delimiter="\t", encoding="utf-16",
        ),
        Export(
            "adverse reactions.csv", "events",
            _means("""Report Number > event_id; Patient Number > patient_key; Visit Date > treatment_date; First Noticed > onset_date; Date Entered >
                reported_date; Describe the reaction > text; How severe > severity; Which side of the face > laterality; What was done >
                action_taken; Current status > outcome; Date it went away > resolved_date; Reviewed by medical director > -"""),
            (3, 0, 0),
            {"": """
Report Number|Patient Number|Visit Date|First Noticed|Date Entered|Describe the reaction|How severe|Which side of the face|What was done|Current status|Date it went away|Reviewed by medical director
R1|4410|08/17/2026|day 4|08/24/2026|Headache since day 4, better with paracetamol|Mild|Both|Advised rest|Resolved|08/26/2026|Y
R2|4411|08/18/2026|1 week|08/31/2026|Smile is uneven|Moderate|Right|Photos taken|Ongoing||N
R3|4413|08/19/2026|same day|08/19/2026|Bruise by the brow|Mild|Left|Ice|Resolved|08/25/2026|Y
"""},
        ),
    ),
    sessions=4, linked=3, questions=0, doses=(20.0, 30.0, 50.0, 155.0), onsets=("2026-08-19", "2026-08-21", "2026-08-25"),
    severities=("mild", "mild", "moderate"), resolved=("2026-08-25", "2026-08-26"),
)  # fmt: skip

_TRACE = FurtherVendor(
    "a med-spa record with a traceability export and a form's answers",
    (
        Export(
            "Product Traceability Report.xlsx", "treatments",
            _means("""Procedure # > treatment_id; Procedure Date > treatment_date; Clinic Location > clinic; Client ID > patient_key; Client First Name >
                person_name; Client Last Name > person_name; Injector > injector; Product Name > product; Batch # > lot; Expiry > -;
                Injection Site > area; Units Used > dose_units; Dilution > -"""),
            (4, 0, 3),
            {"Traceability": """
Product Traceability Report
Generated 10/05/2026 08:12
Procedure #|Procedure Date|Clinic Location|Client ID|Client First Name|Client Last Name|Injector|Product Name|Batch #|Expiry|Injection Site|Units Used|Dilution
P-1|September 14, 2026|Main St|00917|Joan|Exampla|Nia Testerby|Botox|C1|01/2028|Glabella|20|2.5 mL
P-1|September 14, 2026|Main St|00917|Joan|Exampla|Nia Testerby|Botox|C1|01/2028|Crow's Feet|24|2.5 mL
P-2|September 15, 2026|Main St|00918|Kurt|Pretendo|Nia Testerby|Daxxify|X9|01/2028|Glabella|40|1.2 mL
P-3|September 21, 2026|Main St|00919|Lena|Exampla|Otto Ejemplo|Botox|C1|01/2028|Platysma|50|2.5 mL
Total|||||||||||134|
"""},
        ),
        Export(
            "Post-treatment concerns (responses).csv", "events",
            _means("""Timestamp > reported_date; Email Address > -; Client ID > patient_key; Your full name > person_name; Date of your appointment >
                treatment_date; What are you experiencing? > text; When did you first notice it? > onset_date; On a scale how would you rate it?
                > severity; May we contact you by phone? > -"""),
            (3, 0, 0),
            {"": """
Timestamp|Email Address|Client ID|Your full name|Date of your appointment|What are you experiencing?|When did you first notice it?|On a scale how would you rate it?|May we contact you by phone?
9/20/2026 18:22:10|a@example.org|00917|Joan Exampla|9/14/2026|My right eyelid is drooping|9/18/2026|Moderate|Yes
9/27/2026 9:01:44|b@example.org|00919|Lena Exampla|9/21/2026|hard to swallow water, voice hoarse|9/25/2026|Severe|Yes
9/29/2026 7:15:00|c@example.org|00918|Kurt Pretendo|9/15/2026|no problems, very happy||Mild|No
"""},
        ),
    ),
    sessions=3, linked=3, questions=0, doses=(40.0, 44.0, 50.0), onsets=("2026-09-18", "2026-09-25"),
    severities=("mild", "moderate", "severe"),
)  # fmt: skip

_SOLO = FurtherVendor(
    "one injector's own workbook, a sheet for each month",
    (
        Export(
            "tox log 2026.xlsx", "combined",
            _means("""# > -/treatment_id; Date > treatment_date; Initials > person_name/-; Chart > patient_key; Injected by > injector; Tox > product; Areas > area; U >
                dose_units; Lot > lot; 2 wk check > followed_up/-; Complications > complaint/text/-; Paid > -"""),
            (6, 0, 1),
            {"Aug": """
#|Date|Initials|Chart|Injected by|Tox|Areas|U|Lot|2 wk check|Complications|Paid
1|2026-08-03|A.D.|311|Rae Simulado|Botox|11s + forehead|30|C5|done|none|360
2|2026-08-05|B.E.|312|Rae Simulado|Botox|crow's feet|24|C5|done|small bruise L|288
3|2026-08-19|C.F.|313|Rae Simulado|Dysport|glabella|50|D8|no show|none|250
""", "Sep": """
#|Date|Initials|Chart|Injected by|Tox|Areas|U|Lot|2 wk check|Complications|Paid
1|2026-09-02|D.G.|314|Rae Simulado|Botox|masseter|40|C6|done|none|480
2|2026-09-09|A.D.|311|Rae Simulado|Botox|forehead|10|C6|done|brow feels heavy, resolved by day 20|120
3|2026-09-30|E.H.|315|Rae Simulado|Botox|lip flip|4|C6|||48
Totals|||||||54||||648
"""},
        ),
    ),
    sessions=6, linked=2, questions=0, doses=(4.0, 10.0, 24.0, 30.0, 40.0, 50.0),
)  # fmt: skip

_MEXICO = FurtherVendor(
    "a Mexican clinic's record in semicolons, and its list of effects",
    (
        Export(
            "aplicaciones.csv", "treatments",
            _means("""Folio > treatment_id; Expediente > patient_key; Nombre del paciente > person_name; Fecha de aplicación > treatment_date; Médico tratante >
                injector; Cédula > -/injector_credential; Padecimiento > treatment_type; Marca > product; Lote > lot; Zonas aplicadas > area; Unidades
                aplicadas > dose_units; Anticoagulantes > blood_thinner; Asistió > service_status; Consultorio > clinic/-; Costo > -"""),
            (4, 0, 2),
            {"": """
Folio|Expediente|Nombre del paciente|Fecha de aplicación|Médico tratante|Cédula|Padecimiento|Marca|Lote|Zonas aplicadas|Unidades aplicadas|Anticoagulantes|Asistió|Consultorio|Costo
A-1|E100|Ana Muestra|14/08/2026|Dra. Lía Ficticia|1234567|Estético|Botox|C11|Entrecejo|20|No|Sí|Polanco|4,500.00
A-2|E101|Beto Prueba|15/08/2026|Dra. Lía Ficticia|1234567|Bruxismo|Dysport|D11|Maseteros|120|Sí|Sí|Polanco|9,000.00
A-3|E102|Carla Supuesta|17/08/2026|Dr. Leo Simulado|7654321|Migraña|Botox|C11|Protocolo migraña|155|No|Sí|Polanco|15,000.00
A-4|E103|Delia Ejemplo|18/08/2026|Dr. Leo Simulado|7654321|Hiperhidrosis|Botox|C12|Axilas|100|No|Sí|Polanco|12,000.00
A-5|E104|Elsa Inventada|18/08/2026|Dr. Leo Simulado|7654321|Estético|Botox|C12|Frente|12|No|No|Polanco|0.00
Total||||||||||407||||40,500.00
"""},
            delimiter=";", encoding="utf-8-sig",
        ),
        Export(
            "efectos adversos.csv", "events",
            _means("""No. de reporte > event_id; Expediente > patient_key; Fecha de aplicación > treatment_date; Fecha del reporte > reported_date; Inicio de
                síntomas > onset_date; Descripción del evento > text; Grado > severity; Lado afectado > laterality; Conducta > action_taken; Desenlace >
                outcome; Fecha de remisión > resolved_date; Reportado a COFEPRIS > reported_to; Capturó > -"""),
            (3, 0, 0),
            {"": """
No. de reporte|Expediente|Fecha de aplicación|Fecha del reporte|Inicio de síntomas|Descripción del evento|Grado|Lado afectado|Conducta|Desenlace|Fecha de remisión|Reportado a COFEPRIS|Capturó
R-1|E100|14/08/2026|21/08/2026|18/08/2026|Caída del párpado derecho|Moderado|Derecho|Gotas|En recuperación||No|Recepción
R-2|E101|15/08/2026|16/08/2026|15/08/2026|Moretón en la mejilla|Leve|Izquierdo|Hielo|Recuperado|22/08/2026|No|Recepción
R-3|E102|17/08/2026|28/08/2026|24/08/2026|Dificultad para tragar|Grave|Ambos|Enviado a urgencias|Recuperado|10/09/2026|Sí|Recepción
"""},
            delimiter=";", encoding="utf-8-sig",
        ),
    ),
    sessions=4, linked=3, questions=0, doses=(20.0, 100.0, 120.0, 155.0), onsets=("2026-08-15", "2026-08-18", "2026-08-24"),
    severities=("mild", "moderate", "severe"), resolved=("2026-08-22", "2026-09-10"),
)  # fmt: skip

FURTHER = (_CENTRE, _CHARTS, _TRACE, _SOLO, _MEXICO)

"""Headers nobody listed: understood from their words, or left alone."""

import pytest

from analysis.intake.headers import meanings

UNDERSTOOD = {
    "Patient Reference No.": "patient_key",
    "Client identifier": "patient_key",
    "Chart Nr": "patient_key",
    "Pt ID#": "patient_key",
    "Nº de paciente": "patient_key",
    "N.º de historia clínica": "patient_key",
    "Customer card no": "patient_key",
    "Hospital ID": "patient_key",
    "Session reference": "treatment_id",
    "Appt #": "treatment_id",
    "Treatment Nr": "treatment_id",
    "Nº cita": "treatment_id",
    "Número de tratamiento": "treatment_id",
    "Event reference": "event_id",
    "Complication ID number": "event_id",
    "Report Ref.": "event_id",
    "Nº de incidencia": "event_id",
    "Date seen for treatment": "treatment_date",
    "Day of procedure": "treatment_date",
    "Tx performed on": "treatment_date",
    "Fecha de la sesión": "treatment_date",
    "Fecha visita": "treatment_date",
    "Attended on": "treatment_date",
    "2/52 review attended": "followed_up",
    "Attended follow-up": "followed_up",
    "Symptoms began": "onset_date",
    "Date of first symptoms": "onset_date",
    "When did the problem begin?": "onset_date",
    "Complication date": "onset_date",
    "Comienzo de los síntomas": "onset_date",
    "Date of notification": "reported_date",
    "Received on": "reported_date",
    "Submission date": "reported_date",
    "Date/time reported": "reported_date",
    "Fecha de recepción": "reported_date",
    "Date healed": "resolved_date",
    "Fecha de recuperación": "resolved_date",
    "Describe the reaction": "text",
    "What went wrong?": "text",
    "Any problems?": "text",
    "Descripción de la incidencia": "text",
    "Details of the complication": "text",
    "Severity of reaction": "severity",
    "How severe was it?": "severity",
    "Grado de intensidad": "severity",
    "Side affected": "laterality",
    "Was it serious?": "seriousness",
    "Final outcome": "outcome",
    "Fully recovered?": "outcome",
    "Current status of the reaction": "outcome",
    "Reported to MHRA?": "reported_to",
    "FDA informed": "reported_to",
    "Advice / action": "action_taken",
    "Acciones tomadas": "action_taken",
    "Body area": "area",
    "Sites injected": "area",
    "Zona inyectada": "area",
    "Product name": "product",
    "Toxin used": "product",
    "Marca de toxina": "product",
    "Batch / lot code": "lot",
    "Nº de lote": "lot",
    "Units given (total)": "dose_units",
    "Dosis total (U)": "dose_units",
    "Name of service": "treatment_type",
    "Procedure performed": "treatment_type",
    "Session status": "service_status",
    "Estado de la visita": "service_status",
    "Service family": "service_category",
    "Name of injector": "injector",
    "Administered by": "injector",
    "Who injected?": "injector",
    "Nombre del profesional": "injector",
    "Which clinic?": "clinic",
    "On anticoagulants?": "blood_thinner",
    "Takes aspirin or NSAIDs": "blood_thinner",
    "2-week check": "followed_up",
    "Had botox before?": "prior_toxin",
    "Patient's full name": "person_name",
    "Nombre y apellidos": "person_name",
    "Category of incident": "event_category",
    "Number of injections sessions": "sessions",
}

UNKNOWN = [
    "Date of birth", "Patient phone number", "Next appointment date", "Booking made on", "Cancellation reason", "Consent signed on",
    "Reported by", "Registered by", "Assigned clinician", "Referring doctor", "Degree of harm", "Units per vial", "Unit price",
    "Start time", "Yellow card number", "Hora de inicio", "Emergency contact name", "Photo reference", "Approval status",
    "Lot expiry date", "Marketing source", "Form version no", "Handler", "Opened", "Follow-up due date", "Product price",
    "Case status", "Case closed on", "Event end date", "Date treated for reaction", "Patient informed on", "Prescriber PIN",
    "Treatment for reaction", "Dose of aspirin", "Event description by staff", "Treatment consent date", "Injection depth",
    "Fecha de nacimiento", "Nº de teléfono", "User ID", "Date invoice paid", "Previous treatment date", "Side effects explained by",
]  # fmt: skip


@pytest.mark.parametrize(("header", "canonical"), UNDERSTOOD.items())
def test_a_header_nobody_listed_is_understood(header, canonical):
    assert [m.canonical for m in meanings(header) if m.strong][:1] == [canonical]
    assert all(m.by_words for m in meanings(header))


@pytest.mark.parametrize("header", UNKNOWN)
def test_a_header_that_means_something_else_stays_unknown(header):
    assert meanings(header) == ()


def test_a_usual_header_is_not_read_from_its_words():
    assert [(m.canonical, m.by_words) for m in meanings("Client ID")] == [("patient_key", False)]

from analysis.coding.uncoded import uncoded_words


def test_words_that_nothing_covers_by_patients_and_none_that_few_share() -> None:
    texts = [
        "zorgled bruise, left lid 2026",
        "ZORGLED eyelid droop",
        "zorgled",
        "zorgled zorgled",
        None,
        "rareword bruise",
    ]
    found = uncoded_words(texts, [1, 2, 3, 4, 5, 6])
    assert found.to_dict("list") == {"word": ["zorgled"], "patients": [4]}
    assert uncoded_words(texts, [1, 1, 1, 1, 1, 6]).empty
    assert "rareword" in set(uncoded_words(texts, range(6), least=1)["word"])

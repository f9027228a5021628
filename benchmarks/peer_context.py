"""Run by the peers' own interpreter (`make peers`): medspaCy's fastest pipeline on texts and phrases given as JSON.

stdin: {"texts": [...], "phrases": [[phrase, label], ...], "speed": [...]}; stdout: {"found": [[label, …] per text],
"per_second": texts per second of processor time}. Simple sentencizer, target matcher, ConText with the rules it comes with.
"""

import json
import logging
import sys
import time

SILENT = ("is_negated", "is_historical", "is_hypothetical", "is_family", "is_uncertain")


def main() -> None:
    """Read, run, write."""
    logging.disable(logging.CRITICAL)
    import spacy
    from loguru import logger

    logger.remove()
    from medspacy.target_matcher import TargetRule

    given = json.load(sys.stdin)
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    matcher = nlp.add_pipe("medspacy_target_matcher")
    matcher.add([TargetRule(phrase, label) for phrase, label in given["phrases"]])
    nlp.add_pipe("medspacy_context")
    found = [
        [entity.label_ for entity in document.ents if not any(getattr(entity._, name) for name in SILENT)]
        for document in nlp.pipe(given["texts"])
    ]
    start = time.process_time()
    for _ in nlp.pipe(given["speed"]):
        pass
    spent = time.process_time() - start
    json.dump({"found": found, "per_second": len(given["speed"]) / spent}, sys.stdout)


if __name__ == "__main__":
    main()

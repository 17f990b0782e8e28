"""Other tools' side: near-duplicates of the texts in a file. Arguments: tool, file, threshold, most rows.

Prints one line of JSON: rows, CPU seconds, MB beyond the texts themselves, and the rows that the tool would drop.
"""

import json
import sys
import time

PERMUTATIONS, SHINGLE, BATCH = 128, 5, 2000


def shingles(text):
    """Word 5-grams as these tools are given them; each Chinese character a word."""
    words = text.split() if " " in text else list(text)
    return {" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}


def datasketch_bulk(texts, threshold):
    """MinHash.generator over bytes, the index with the bands that it finds best."""
    from datasketch import MinHash, MinHashLSH

    index, dropped = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS), []
    coded = ([each.encode() for each in shingles(text)] for text in texts)
    for row, made in enumerate(MinHash.generator(coded, num_perm=PERMUTATIONS)):
        if index.query(made):
            dropped.append(row)
        index.insert(row, made)
    return dropped


def datasketch_update(texts, threshold):
    """The loop of its documentation: update() for each shingle."""
    from datasketch import MinHash, MinHashLSH

    index, dropped = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS), []
    for row, text in enumerate(texts):
        made = MinHash(num_perm=PERMUTATIONS)
        for each in shingles(text):
            made.update(each.encode())
        if index.query(made):
            dropped.append(row)
        index.insert(row, made)
    return dropped


def rensa_verifying(texts, threshold):
    """R-MinHash with 16 bands; the estimated Jaccard decides."""
    from rensa import RMinHash, RMinHashDeduplicator

    kept = RMinHashDeduplicator(threshold=threshold, num_perm=PERMUTATIONS, use_lsh=True, num_bands=16)
    dropped = []
    for begin in range(0, len(texts), BATCH):
        sets = [list(shingles(text)) for text in texts[begin : begin + BATCH]]
        for row, made in enumerate(RMinHash.from_token_sets(sets, PERMUTATIONS, 42), begin):
            if not kept.add(str(row), made):
                dropped.append(row)
    return dropped


def rensa_one_shot(texts, threshold):
    """A matrix of digests at once and 16 bands; a shared band decides."""
    from rensa import RMinHash, RMinHashLSH

    index, dropped = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=16), []
    for begin in range(0, len(texts), BATCH):
        sets = [list(shingles(text)) for text in texts[begin : begin + BATCH]]
        matrix = RMinHash.digest_matrix_from_token_sets(sets, PERMUTATIONS, 42)
        flags = index.insert_matrix_and_query_duplicate_flags(matrix, begin)
        dropped += [begin + row for row, flag in enumerate(flags) if flag]
    return dropped


def memory(name):
    """What Linux says of this process, in MB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(name))


def main(tool, path, threshold, most):
    """Runs one tool."""
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line) for line in file][: int(most)]
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")  # the peak counts from here
    before, begun = memory("VmRSS"), time.process_time()
    dropped = globals()[tool](texts, float(threshold))
    seconds, used = time.process_time() - begun, memory("VmHWM") - before
    print(json.dumps({"rows": len(texts), "cpu": seconds, "mb": used, "dropped": dropped}))


if __name__ == "__main__":
    main(*sys.argv[1:])

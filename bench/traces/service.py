# SPDX-License-Identifier: MIT
"""A program to record: it answers made-up requests, with numbers, strings, lists and dictionaries of
all sizes, some kept for a while. Run it with PYTHONMALLOC=malloc: then each object is a call."""

import random
import sys


def parse(text):
    fields = {}
    for part in text.split("&"):
        name, _, value = part.partition("=")
        fields[name] = value
    return fields


def answer(fields, history):
    words = sorted(fields.values())
    numbers = [len(word) * 1.5 + index for index, word in enumerate(words)]
    page = {"words": words, "sum": sum(numbers), "text": "".join(words[:7])}
    history[hash(page["text"]) % 4000] = page
    return page


def main(requests):
    chance = random.Random(7)
    history = {}
    for _ in range(requests):
        count = chance.randrange(1, 24)
        text = "&".join(f"field{chance.randrange(60)}={'x' * chance.randrange(1, 300)}"
                        for _ in range(count))
        answer(parse(text), history)


main(int(sys.argv[1]))

# SPDX-License-Identifier: MIT
"""A program to record: orders as JSON text, parsed, grouped, sorted and printed, some at a time kept.
Run it with PYTHONMALLOC=malloc, so that each object is an allocation of its own."""

import json
import random

random.seed(1)
archive = []
for day in range(16):
    orders = [{"id": i, "customer": f"customer {random.randrange(400)}",
               "lines": [{"sku": f"sku-{random.randrange(900)}", "price": random.random() * 100}
                         for _ in range(random.randrange(1, 6))]} for i in range(1500)]
    parsed = json.loads(json.dumps(orders))
    by_customer = {}
    for order in parsed:
        by_customer.setdefault(order["customer"], []).append(order)
    totals = sorted((sum(line["price"] for order in list_ for line in order["lines"]), name)
                    for name, list_ in by_customer.items())
    archive.append(parsed[: len(parsed) // 3])
    archive = archive[-5:]
    print(day, len(by_customer), f"{totals[-1][0]:.2f}")

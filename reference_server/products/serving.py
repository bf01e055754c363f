"""A product in one command: what `--product NAME` serves, and which options do not go with it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping

from . import create_product
from .product import Product

OWNER_KEY = "SCIMPROOF_OWNER_KEY"

# What does not go with a product, and why.
_NOT_WITH_A_PRODUCT = {
    "db": "a product forgets everything when it ends",
    "tenants": "a product is one customer's",
    "oauth": "a product makes its own token",
    "schema": "a product has its own schemas",
    "base_path": "a product answers at every path",
    "me": "a product has people of its own",
}


def product_to_serve(
    options: argparse.Namespace, environment: Mapping[str, str] = os.environ
) -> tuple[Product, list[str]]:
    """Build the product that the options name, with what there is to say about it.

    Raises ValueError, in a sentence, for options that do not go with a product.
    """
    for name, reason in _NOT_WITH_A_PRODUCT.items():
        if getattr(options, name):
            option = name.replace("_", "-")
            raise ValueError(f"--{option} and --product exclude each other: {reason}")
    if options.auth != "bearer":
        raise ValueError("--auth and --product exclude each other: a product makes its own token")
    key = environment.get(OWNER_KEY, "")
    if key and (not key.isprintable() or key != key.strip()):
        raise ValueError(f"the variable {OWNER_KEY} has blanks around it or unprintable characters")
    product = create_product(
        options.product,
        deviations=options.deviation,
        without_tolerances=options.without_tolerance,
        settings={"owner_key": key} if key else {},
    )
    return product, [*_news(product, chosen=bool(key))]


def _news(product: Product, *, chosen: bool) -> list[str]:
    news = [f"a simulation of {product.name}, from its public documentation"]
    news.append(f"workspace {product.workspace}")
    for label, key in product.keys.items():
        hint = ""
        if label == "owner":
            if chosen:
                continue
            hint = f" (set {OWNER_KEY} to choose one)"
        news.append(f"key of the {label} {key}{hint}")
    return news

# SPDX-License-Identifier: GPL-3.0-or-later
from database import db
from fastapi import APIRouter

router = APIRouter(prefix="/api/products")


@router.get("/")
async def all_products():
    return await db.products.find({}, {"_id": 0}).to_list(1000)


@router.get("/{product_id}")
async def one_product(product_id: str):
    return await db.products.find_one({"id": product_id})


@router.get("/category/{category}")
async def of_category(category: str):
    return await db.products.find({"category": category}).to_list(1000)

# SPDX-License-Identifier: GPL-3.0-or-later
import uuid
from datetime import date, datetime, timezone

from database import db
from fastapi import APIRouter, Depends
from routes.users import current_user

router = APIRouter(prefix="/api/orders")
PAGE = 20


@router.get("/")
async def history(page: int = 0, user=Depends(current_user)):
    cursor = db.orders.find({"user_id": user["id"]})
    return await cursor.sort("delivery_date", -1).skip(page * PAGE).limit(PAGE).to_list(PAGE)


@router.get("/filtered")
async def filtered_history(page: int = 0, user=Depends(current_user)):
    return await db.orders.find({
        "user_id": user["id"],
        "status": {"$in": ["pending", "delivered"]},
    }).sort("delivery_date", -1).skip(page * PAGE).limit(PAGE).to_list(PAGE)


@router.get("/today")
async def orders_of_today():
    today = date.today().isoformat()
    return await db.orders.find({"delivery_date": today}).to_list(None)


@router.get("/latest")
async def latest_delivered():
    cursor = db.orders.find({"status": "delivered"}, sort=[("delivery_date", -1)], limit=100)
    return await cursor.to_list(100)


@router.get("/month")
async def delivered_in_month(first: str, last: str):
    query = {"delivery_date": {"$gte": first, "$lte": last}, "status": "delivered"}
    return await db.orders.find(query).to_list(None)


@router.patch("/{order_id}")
async def change(order_id: str, status: str):
    now = datetime.now(timezone.utc)
    result = await db.orders.update_one({"id": order_id}, {"$set": {"status": status, "updated_at": now}})
    return {"changed": result.modified_count}


@router.post("/")
async def place(order: dict, user=Depends(current_user)):
    order.update(id=f"ord_{uuid.uuid4()}", user_id=user["id"], status="pending")
    await db.orders.insert_one(order)
    return {"id": order["id"]}

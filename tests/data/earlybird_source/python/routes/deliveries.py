# SPDX-License-Identifier: GPL-3.0-or-later
import uuid
from datetime import datetime, timezone

from database import db
from fastapi import APIRouter

router = APIRouter(prefix="/api/deliveries")
statuses = db["delivery_statuses"]


@router.get("/order/{order_id}")
async def of_order(order_id: str):
    return await statuses.find_one({"order_id": order_id})


@router.get("/customer/{customer_id}")
async def of_customer(customer_id: str):
    return await statuses.find({"customer_id": customer_id}).to_list(None)


@router.get("/customer/{customer_id}/month")
async def history(customer_id: str, first: str, last: str):
    return await statuses.find(
        {"customer_id": customer_id, "delivery_date": {"$gte": first, "$lte": last}}
    ).to_list(None)


@router.post("/")
async def create(delivery: dict):
    delivery["id"] = "del_" + str(uuid.uuid4())
    await statuses.insert_one(delivery)


@router.post("/{delivery_id}/confirm")
async def confirm(delivery_id: str, status: str):
    change = {"$set": {"status": status, "updated_at": datetime.now(timezone.utc)}}
    await statuses.update_one({"id": delivery_id}, change)

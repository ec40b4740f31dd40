# SPDX-License-Identifier: GPL-3.0-or-later
from datetime import datetime, timezone

from database import db
from fastapi import APIRouter

router = APIRouter(prefix="/api/subscriptions")


@router.get("/{customer_id}")
async def of_customer(customer_id: str):
    return [each async for each in db.subscriptions_v2.find({"customer_id": customer_id})]


async def billed_today():
    """The billing run: everything that is delivered or may be again."""
    return await db.subscriptions_v2.find({"status": {"$in": ["active", "paused"]}}).to_list(None)


@router.put("/{subscription_id}/quantity")
async def change_quantity(subscription_id: str, quantity: int):
    await db.subscriptions_v2.update_one(
        {"id": subscription_id, "status": "active"},
        {"$set": {"quantity": quantity, "updated_at": datetime.now(timezone.utc)}},
    )

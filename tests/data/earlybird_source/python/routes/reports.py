# SPDX-License-Identifier: GPL-3.0-or-later
from database import db
from fastapi import APIRouter

router = APIRouter(prefix="/api/reports")


@router.get("/leads")
async def leads(status: str):
    return await db.leads.find({"status": status}).sort("created_at", -1).to_list(None)


@router.get("/leads/{lead_id}")
async def lead(lead_id: str):
    return await db.leads.find_one({"id": lead_id})


@router.get("/bills/{customer_id}")
async def bills(customer_id: str):
    return await db.billing_records.find({"customer_id": customer_id}).to_list(None)


@router.get("/bills/settled/{period}")
async def settled(period: str):
    return await db.billing_records.find({"period": period, "status": "settled"}).to_list(None)


@router.get("/dashboard")
async def dashboard(today: str, week_ago: str):
    customers = await db.users.count_documents({"role": "customer"})
    orders = await db.orders.count_documents({"delivery_date": today})
    active = await db.subscriptions_v2.count_documents({"status": "active"})
    pending = await db.orders.count_documents({"status": "pending"})
    revenue = await db.orders.aggregate([
        {"$match": {"delivery_date": today}},
        {"$unwind": "$items"},
        {"$group": {"_id": None, "revenue": {"$sum": "$items.total"}}},
    ]).to_list(1)
    trend = await db.orders.aggregate([
        {"$match": {"delivery_date": {"$gte": week_ago, "$lte": today}}},
        {"$group": {"_id": "$delivery_date", "orders": {"$sum": 1},
                    "amount": {"$sum": "$total_amount"}}},
        {"$sort": {"_id": 1}},
    ]).to_list(7)
    return {"customers": customers, "orders": orders, "active": active, "pending": pending,
            "revenue": revenue, "trend": trend}


@router.get("/orders")
async def orders_of_month(first: str, last: str):
    pipeline = [
        {"$match": {"delivery_date": {"$gte": first, "$lte": last}}},
        {"$group": {
            "_id": {"day": "$delivery_date", "status": "$status"},
            "orders": {"$sum": 1},
            "amount": {"$sum": "$total_amount"},
        }},
        {"$sort": {"_id.day": 1, "_id.status": 1}},
    ]
    return await db.orders.aggregate(pipeline).to_list(None)


@router.get("/unpaid")
async def unpaid():
    pipeline = [
        {"$match": {"status": {"$in": ["pending", "overdue"]}}},
        {"$group": {
            "_id": "$customer_id",
            "bills": {"$sum": 1},
            "due": {"$sum": {"$subtract": ["$total_amount", "$paid_amount"]}},
        }},
        {"$lookup": {"from": "customers_v2", "localField": "_id", "foreignField": "id", "as": "customer"}},
        {"$sort": {"due": -1, "_id": 1}},
    ]
    return await db.billing_records.aggregate(pipeline).to_list(None)

// SPDX-License-Identifier: GPL-3.0-or-later
import { db } from "../database.js";

export const bills = (customerId) =>
  db.collection("billing_records").find({ customer_id: customerId }).toArray();

export const settled = (period) =>
  db.collection("billing_records").find({ period, status: "settled" }).toArray();

export async function dashboard(today, weekAgo) {
  const orders = db.collection("orders");
  return {
    customers: await db.collection("users").countDocuments({ role: "customer" }),
    orders: await orders.countDocuments({ delivery_date: today }),
    active: await db.collection("subscriptions_v2").countDocuments({ status: "active" }),
    pending: await orders.countDocuments({ status: "pending" }),
    revenue: await orders
      .aggregate([
        { $match: { delivery_date: today } },
        { $unwind: "$items" },
        { $group: { _id: null, revenue: { $sum: "$items.total" } } },
      ])
      .toArray(),
    trend: await orders
      .aggregate([
        { $match: { delivery_date: { $gte: weekAgo, $lte: today } } },
        { $group: { _id: "$delivery_date", orders: { $sum: 1 }, amount: { $sum: "$total_amount" } } },
        { $sort: { _id: 1 } },
      ])
      .toArray(),
  };
}

export async function ordersOfMonth(first, last) {
  const pipeline = [
    { $match: { delivery_date: { $gte: first, $lte: last } } },
    {
      $group: {
        _id: { day: "$delivery_date", status: "$status" },
        orders: { $sum: 1 },
        amount: { $sum: "$total_amount" },
      },
    },
    { $sort: { "_id.day": 1, "_id.status": 1 } },
  ];
  return db.collection("orders").aggregate(pipeline).toArray();
}

export async function unpaid() {
  return db
    .collection("billing_records")
    .aggregate([
      { $match: { status: { $in: ["pending", "overdue"] } } },
      {
        $group: {
          _id: "$customer_id",
          bills: { $sum: 1 },
          due: { $sum: { $subtract: ["$total_amount", "$paid_amount"] } },
        },
      },
      { $lookup: { from: "customers_v2", localField: "_id", foreignField: "id", as: "customer" } },
      { $sort: { due: -1, _id: 1 } },
    ])
    .toArray();
}

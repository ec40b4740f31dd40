// SPDX-License-Identifier: GPL-3.0-or-later
import { randomUUID } from "node:crypto";
import { db } from "../database.js";

const PAGE = 20;
const orders = db.collection("orders");

export async function history(user, page) {
  return orders
    .find({ user_id: user.id })
    .sort({ delivery_date: -1 })
    .skip(page * PAGE)
    .limit(PAGE)
    .toArray();
}

export async function filteredHistory(user, page) {
  const cursor = orders.find(
    { user_id: user.id, status: { $in: ["pending", "delivered"] } },
    { sort: { delivery_date: -1 }, skip: page * PAGE, limit: PAGE },
  );
  return cursor.toArray();
}

export async function ordersOfToday() {
  const today = new Date().toISOString().slice(0, 10);
  return orders.find({ delivery_date: today }).toArray();
}

export async function latestDelivered() {
  return orders.find({ status: "delivered" }).sort({ delivery_date: -1 }).limit(100).toArray();
}

export async function deliveredInMonth(first, last) {
  const query = { delivery_date: { $gte: first, $lte: last }, status: "delivered" };
  return orders.find(query).toArray();
}

export async function change(id, status) {
  return orders.updateOne({ id }, { $set: { status, updated_at: new Date() } });
}

export async function place(order, user) {
  const id = `ord_${randomUUID()}`;
  await orders.insertOne({ ...order, id, user_id: user.id, status: "pending" });
  return id;
}

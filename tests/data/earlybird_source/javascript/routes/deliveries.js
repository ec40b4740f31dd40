// SPDX-License-Identifier: GPL-3.0-or-later
import { randomUUID } from "node:crypto";
import { db } from "../database.js";

const statuses = db.collection("delivery_statuses");

export const ofOrder = (orderId) => statuses.findOne({ order_id: orderId });

export const ofCustomer = (customerId) => statuses.find({ customer_id: customerId }).toArray();

export const history = (customerId, first, last) =>
  statuses
    .find({ customer_id: customerId, delivery_date: { $gte: first, $lte: last } })
    .toArray();

export async function create(delivery) {
  await statuses.insertOne({ ...delivery, id: "del_" + randomUUID() });
}

export async function confirm(deliveryId, status) {
  await statuses.updateOne({ id: deliveryId }, { $set: { status, updated_at: new Date() } });
}

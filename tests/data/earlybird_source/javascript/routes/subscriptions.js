// SPDX-License-Identifier: GPL-3.0-or-later
import { db } from "../database.js";

const subscriptions = db.collection("subscriptions_v2");

export const ofCustomer = (customerId) =>
  subscriptions.find({ customer_id: customerId }).toArray();

// The billing run: everything that is delivered or may be again.
export async function* billedToday() {
  const statuses = ["active", "paused"];
  for await (const each of subscriptions.find({ status: { $in: statuses } })) {
    yield each;
  }
}

export async function changeQuantity(id, quantity) {
  await subscriptions.updateOne(
    { id: id, status: "active" },
    { $set: { quantity: quantity, updated_at: new Date() } },
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
import { db } from "../database.js";

export async function allProducts() {
  return db.collection("products").find({}, { projection: { _id: 0 } }).toArray();
}

export async function oneProduct(productId) {
  return db.collection("products").findOne({ id: productId });
}

export async function ofCategory(category) {
  return db.collection("products").find({ category: category }).toArray();
}

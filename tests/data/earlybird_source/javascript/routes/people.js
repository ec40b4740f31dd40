// SPDX-License-Identifier: GPL-3.0-or-later
import { db } from "../database.js";

const users = db.collection("users");

export async function currentUser(request) {
  return users.findOne({ id: request.token.sub });
}

export const login = async ({ email }) => await users.findOne({ email: email.toLowerCase() });

export async function listUsers(role) {
  return users.find({ role }).toArray();
}

export const leads = (status) =>
  db.collection("leads").find({ status }).sort({ created_at: -1 }).toArray();

export const lead = (id) => db.collection("leads").findOne({ id });

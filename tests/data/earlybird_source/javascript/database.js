// SPDX-License-Identifier: GPL-3.0-or-later
import { MongoClient } from "mongodb";

const client = new MongoClient(process.env.MONGO_URL);
export const db = client.db(process.env.DB_NAME);

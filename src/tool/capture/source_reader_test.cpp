// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/source_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace plumb::capture {
namespace {

struct Case {
    std::string_view file;
    std::string_view source;
    std::vector<std::string_view> shapes;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all = {
        {"a.py",
         R"(user = await db.users.find_one({"id": user_id}, {"_id": 0}))",
         {"find users {id: =} projection: {_id: 0} limit: 1"}},
        {"a.py",
         R"(
orders = await db.orders.find(
    {"user_id": user["id"]},  # one customer
    {"_id": 0},
).sort("delivery_date", -1).skip(page * 20).limit(20).to_list(20)
)",
         {"find orders {user_id: =} sort: {delivery_date: -1} projection: {_id: 0} limit: n"}},
        {"a.py",
         R"(c = db["orders"].find({"delivery_date": {"$gte": start, "$lte": f"{month}-31"},
            "status": "delivered"}, sort=[("delivery_date", pymongo.DESCENDING), ("_id", 1)]))",
         {"find orders {delivery_date: [<, >], status: =} sort: {delivery_date: -1, _id: 1}"}},
        {"a.py",
         R"(
async def history(user, page, newest):
    cursor = db.orders.find({"user_id": user["id"]})
    if newest:
        cursor = cursor.sort("delivery_date", -1)
    return await cursor.skip(page * 20).limit(20).to_list(20)

async def other(cursor):
    rows = await cursor.sort("nothing", 1).to_list(1)
    return await db.leads.find({"status": s}, sort=[("created_at", -1)]).to_list(1)
)",
         {"find orders {user_id: =} sort: {delivery_date: -1} limit: n",
          "find leads {status: =} sort: {created_at: -1}"}},
        {"a.js",
         R"(
async function latest(status) {
  const cursor = db.collection("orders").find({ status });
  cursor.sort({ delivery_date: -1 }).limit(100);
  return cursor.toArray();
}
)",
         {"find orders {status: =} sort: {delivery_date: -1} limit: n"}},
        {"a.py",
         R"(n = self.db.users.count_documents({"role": "customer"}))",
         {"count users {role: =}"}},
        {"a.py",
         R"(
class Orders:
    def __init__(self, database):
        self.orders = database.get_collection("orders")

    def mark(self, order_id):
        return self.orders.update_one({"id": order_id}, {"$set": {"status": "x", "n": 1}})
)",
         {"update orders {id: =} update: {$set: [n, status]}"}},
        {"a.py",
         R"(
def list_orders(status=None):
    query = {"user_id": uid}
    if status:
        query["status"] = {"$in": statuses}
    return db.orders.find(query)

def other():
    return db.orders.find(query)
)",
         {"find orders {user_id: =}", "find orders {status: in few, user_id: =}", "find orders"}},
        {"a.py",
         R"(
pipeline = [
    {"$match": {"status": "pending", "d": {"$gte": start}}},
    {"$group": {"_id": "$customer_id", "due": {"$sum": "$total"}}},
    {"$sort": {"due": -1}},
]
rows = await db.billing_records.aggregate(pipeline).to_list(None)
)",
         {"aggregate billing_records [{$match: {d: >, status: =}}, {$group: {_id: $customer_id, "
          "due: {$sum: $total}}}, {$sort: {due: -1}}]"}},
        {"a.py",
         R"(db.leads.bulk_write([UpdateOne({"id": a}, {"$set": {"s": 1}}), DeleteOne({"id": b})]))",
         {"update leads {id: =} update: {$set: [s]}", "delete leads {id: =} limit: 1"}},
        {"a.py",
         R"(names = db.products.distinct("category", {"is_active": True}))",
         {"distinct products {is_active: =} key: category"}},
        {"a.py",
         R"(db.users.find({"name": {"$regex": "^" + prefix}, "email": re.compile("^ab")}))",
         {"find users {email: regex prefix, name: regex}"}},
        {"a.py", R"(doc = soup.body.find("div"); x = text.find("a"); y = items.count(3))", {}},
        {"a.js",
         R"(const order = await db.collection('orders').findOne({ id: req.params.id }, { projection: { _id: 0 } });)",
         {"find orders {id: =} projection: {_id: 0} limit: 1"}},
        {"a.js",
         R"(
const orders = db.collection("orders");
// newest first
const page = await orders.find({ userId, status: { $in: ['a', 'b'] } })
  .sort({ createdAt: -1 })
  .limit(pageSize)
  .toArray();
const one = page.find(o => o.id === id);
)",
         {"find orders {status: in few, userId: =} sort: {createdAt: -1} limit: n"}},
        {"a.ts",
         R"(
const Order = mongoose.model<IOrder>('Order', schema);
const Category = model("Category", s);
await Order.find({ customer: id }).select('a -_id').sort('-createdAt name').lean();
await Order.findByIdAndUpdate(id, { $set: { a: 1 } });
await Category.updateMany({ name: /^x/i }, { $inc: { n: 1 } }, { upsert: true });
)",
         {"find orders {customer: =} sort: {createdAt: -1, name: 1} projection: {_id: 0, a: 1}",
          "findAndModify orders {_id: =} update: {$set: [a]}",
          "update categories {name: regex} update: {$inc: [n]} multi: true upsert: true"}},
        {"a.js",
         R"(await db.collection('x').bulkWrite([{ updateOne: { filter: { a: v }, update: { $set: { b: 2 } }, upsert: true } }, { insertOne: { document: d } }]);)",
         {"update x {a: =} update: {$set: [b]} upsert: true", "insert x"}},
    };
    return all;
}

TEST(SourceReader, finds_what_the_driver_would_send) {
    for (const Case& one : cases()) {
        ShapeTable table;
        SourceSummary summary;
        read_source_text(one.source, std::string{one.file}, "shop", table, summary);
        std::vector<std::string> found;
        for (const ShapeStatistics& shape : table.shapes()) {
            found.push_back(shape.shape.text);
        }
        EXPECT_EQ(found, std::vector<std::string>(one.shapes.begin(), one.shapes.end()))
            << one.source;
        EXPECT_TRUE(summary.unresolved.empty()) << one.source;
    }
}

TEST(SourceReader, says_where_a_shape_stands_and_what_it_could_not_tell) {
    ShapeTable table;
    SourceSummary summary;
    read_source_text(
        "\n\nx = db.users.find_one({\"id\": i})\ny = db[name].find({})\n"
        "z = thing().update_one({}, {})\n",
        "app/a.py",
        "shop",
        table,
        summary);
    ASSERT_EQ(table.shapes().size(), 1U);
    EXPECT_EQ(table.shapes()[0].places, std::vector<std::string>{"app/a.py:3"});
    EXPECT_EQ(summary.unresolved, (std::vector<std::string>{"app/a.py:4", "app/a.py:5"}));
}

// Whatever a file holds, reading it ends and does not fail.
TEST(SourceReader, survives_every_cut_of_a_file) {
    for (const Case& one : cases()) {
        for (std::size_t size = 0; size <= one.source.size(); ++size) {
            ShapeTable table;
            SourceSummary summary;
            read_source_text(
                one.source.substr(0, size), std::string{one.file}, "s", table, summary);
            EXPECT_EQ(summary.files, 1);
        }
    }
}

}  // namespace
}  // namespace plumb::capture

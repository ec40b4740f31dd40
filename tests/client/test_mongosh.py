# SPDX-License-Identifier: GPL-3.0-or-later
"""mongosh and the Node driver against plumbd: connect, insert, find, explain, indexes."""
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from plumbd import Plumbd

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"

NODE_PROGRAM = """
const { MongoClient } = require('mongodb');
(async () => {
  const client = await MongoClient.connect(process.argv[1]);
  const orders = client.db('shop').collection('orders');
  await orders.insertMany(Array.from({length: 300}, (_, i) => ({_id: i, user: i % 5})));
  await orders.createIndex({user: 1});
  const explained = await orders.find({user: 2}).explain('executionStats');
  const grouped = await orders.aggregate([{$group: {_id: '$user', n: {$sum: 1}}}, {$sort: {_id: 1}}]).toArray();
  await orders.updateOne({_id: 7}, {$set: {status: 'paid'}});
  await orders.deleteMany({user: 4});
  console.log(JSON.stringify({
    stage: explained.queryPlanner.winningPlan.inputStage.stage,
    examined: explained.executionStats.totalDocsExamined,
    grouped, left: await orders.countDocuments({}), paid: await orders.findOne({_id: 7}),
  }));
  await client.close();
})().catch(error => { console.error(error); process.exit(1); });
"""

SHELL_SCRIPT = """
db.orders.insertMany([...Array(200).keys()].map(i => ({_id: i, status: i % 4 ? 'delivered' : 'pending'})));
db.orders.createIndex({status: 1});
const e = db.orders.find({status: 'pending'}).explain('executionStats');
print(JSON.stringify({
  found: db.orders.find({status: 'pending'}).count(), one: db.orders.findOne({_id: 3}),
  stage: e.queryPlanner.winningPlan.inputStage.stage, index: e.queryPlanner.winningPlan.inputStage.indexName,
  keys: e.executionStats.totalKeysExamined,
  indexes: db.orders.getIndexes().map(i => i.name), collections: db.getCollectionNames(),
  databases: db.adminCommand({listDatabases: 1}).databases.map(d => d.name), objects: db.stats().objects,
}));
"""

# As a person types: each line is answered by what mongosh prints.
TYPED = """
db.orders.insertMany([{_id: 1, status: 'pending', n: 5}, {_id: 2, status: 'paid', n: 7}])
db.orders.createIndex({status: 1}, {name: 'by_status'})
show dbs
show collections
db.orders.find({n: {$gt: 5}}).toArray()
db.orders.updateOne({_id: 1}, {$set: {n: 6}})
db.orders.deleteOne({_id: 3})
db.orders.find({status: 'paid'}).explain('executionStats').executionStats.nReturned + ' returned'
db.orders.getIndexes().length + ' indexes'
db.stats().objects + ' objects'
db.currentOp({active: true}).inprog.length > 0 ? 'operations are listed' : 'none'
db.setProfilingLevel(2)
db.orders.find({n: 6}).itcount() + ' iterated'
db.system.profile.find({op: 'query', ns: 'shop.orders'}).itcount() + ' profiled'
db.setProfilingLevel(0)
db.getProfilingStatus().was + ' is the level'
db.serverStatus().connections.current > 0 ? 'connected' : 'no connection'
db.orders.aggregate([{$group: {_id: null, n: {$sum: '$n'}}}]).toArray()[0].n + ' in all'
use other
db.orders.countDocuments() + ' in other'
db.version()
"""


class NodeClients(unittest.TestCase):
    def setUp(self):
        self.server = Plumbd().start()
        self.home = tempfile.TemporaryDirectory()
        self.environment = {**os.environ, "HOME": self.home.name}

    def tearDown(self):
        self.server.__exit__()
        self.home.cleanup()

    def run_node(self, *command):
        done = subprocess.run(command, cwd=HERE, env=self.environment, text=True, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout.strip().splitlines()[-1])

    def test_mongosh_works(self):
        said = self.run_node(MODULES / ".bin/mongosh", f"{self.server.url}/shop", "--quiet", "--norc",
                             "--eval", SHELL_SCRIPT)
        self.assertEqual(said["found"], 50)
        self.assertEqual(said["one"], {"_id": 3, "status": "delivered"})
        self.assertEqual((said["stage"], said["index"], said["keys"]), ("IXSCAN", "status_1", 50))
        self.assertEqual(said["indexes"], ["_id_", "status_1"])
        self.assertEqual(said["collections"], ["orders"])
        self.assertIn("shop", said["databases"])
        self.assertEqual(said["objects"], 200)

    def test_a_typed_session(self):
        done = subprocess.run([MODULES / ".bin/mongosh", f"{self.server.url}/shop", "--quiet", "--norc"], cwd=HERE,
                              env=self.environment, text=True, capture_output=True, input=TYPED, timeout=120,
                              check=False)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertNotIn("MongoServerError", done.stdout)
        for words in ("by_status", "shop  ", "orders", "[ { _id: 2, status: 'paid', n: 7 } ]", "modifiedCount: 1",
                      "deletedCount: 0", "1 returned", "2 indexes", "2 objects", "operations are listed", "was: 0",
                      "1 iterated", "1 profiled", "0 is the level", "connected", "13 in all", "switched to db other",
                      "0 in other", "4.2"):
            self.assertIn(words, done.stdout)

    def test_the_node_driver_works(self):
        said = self.run_node("node", "-e", NODE_PROGRAM, self.server.url)
        self.assertEqual((said["stage"], said["examined"]), ("IXSCAN", 60))
        self.assertEqual(said["grouped"], [{"_id": i, "n": 60} for i in range(5)])
        self.assertEqual(said["left"], 240)
        self.assertEqual(said["paid"], {"_id": 7, "user": 2, "status": "paid"})


if __name__ == "__main__":
    unittest.main()

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

    def test_the_node_driver_works(self):
        said = self.run_node("node", "-e", NODE_PROGRAM, self.server.url)
        self.assertEqual((said["stage"], said["examined"]), ("IXSCAN", 60))
        self.assertEqual(said["grouped"], [{"_id": i, "n": 60} for i in range(5)])
        self.assertEqual(said["left"], 240)
        self.assertEqual(said["paid"], {"_id": 7, "user": 2, "status": "paid"})


if __name__ == "__main__":
    unittest.main()

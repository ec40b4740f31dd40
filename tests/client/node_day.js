// SPDX-License-Identifier: GPL-3.0-or-later
// A day with the Node driver: bulk writes, errors, cursors, GridFS. Prints one JSON object of what it saw.
const { MongoClient, GridFSBucket } = require('mongodb');

async function bulkWrites(orders) {
  await orders.createIndex({ code: 1 }, { unique: true });
  const done = await orders.bulkWrite([
    { insertOne: { document: { _id: 1, code: 'a', n: 1 } } },
    { insertOne: { document: { _id: 2, code: 'b', n: 2 } } },
    { updateMany: { filter: { n: { $gte: 1 } }, update: { $inc: { n: 10 } } } },
    { updateOne: { filter: { _id: 3 }, update: { $set: { code: 'c' } }, upsert: true } },
    { replaceOne: { filter: { _id: 1 }, replacement: { code: 'a', replaced: true } } },
    { deleteOne: { filter: { _id: 2 } } },
  ]);
  const failed = await orders
    .bulkWrite([
      { insertOne: { document: { _id: 4, code: 'a' } } },
      { insertOne: { document: { _id: 5, code: 'e' } } },
    ], { ordered: false })
    .catch(error => ({ code: error.code, inserted: error.result.insertedCount }));
  return {
    counts: [done.insertedCount, done.matchedCount, done.modifiedCount, done.upsertedCount, done.deletedCount],
    failed,
    left: await orders.find().sort({ _id: 1 }).toArray(),
  };
}

async function cursors(db) {
  const many = db.collection('many');
  await many.insertMany(Array.from({ length: 5000 }, (_, i) => ({ _id: i, group: i % 7, at: new Date(i) })));
  let seen = 0;
  for await (const each of many.find({ group: { $in: [1, 2] } }).batchSize(50)) {
    seen += each.group;
  }
  const found = await many.findOneAndUpdate({ _id: 3 }, { $set: { done: true } }, { returnDocument: 'after' });
  const groups = await many.aggregate([
    { $match: { _id: { $lt: 100 } } }, { $group: { _id: '$group', last: { $max: '$at' } } }, { $sort: { _id: 1 } },
  ]).toArray();
  return {
    seen, done: found.done, groups: groups.length, distinct: await many.distinct('group'),
    estimated: await many.estimatedDocumentCount(), counted: await many.countDocuments({ group: 0 }),
  };
}

async function errors(db) {
  const codes = {};
  const attempts = {
    badOperator: () => db.collection('c').find({ a: { $foo: 1 } }).toArray(),
    conflict: () => db.collection('c').updateOne({}, { $set: { a: 1 }, $inc: { a: 1 } }),
    unknown: () => db.command({ noSuchCommand: 1 }),
    namespace: () => db.collection('c').rename('d'),
  };
  for (const [name, attempt] of Object.entries(attempts)) {
    codes[name] = await attempt().then(() => 0, error => error.code);
  }
  return codes;
}

async function gridFs(db) {
  const bucket = new GridFSBucket(db, { chunkSizeBytes: 1024 });
  const data = Buffer.from(Array.from({ length: 10000 }, (_, i) => i % 251));
  const upload = bucket.openUploadStream('numbers', { metadata: { kind: 'test' } });
  await new Promise((resolve, reject) => upload.on('finish', resolve).on('error', reject).end(data));
  const read = async (...range) => {
    const parts = [];
    for await (const part of bucket.openDownloadStream(upload.id, ...range)) {
      parts.push(part);
    }
    return Buffer.concat(parts);
  };
  const whole = await read();
  const part = await read({ start: 2000, end: 5000 });
  const names = (await bucket.find({}).toArray()).map(file => [file.filename, file.length, file.metadata.kind]);
  const chunks = await db.collection('fs.chunks').countDocuments();
  await bucket.delete(upload.id);
  return {
    whole: whole.equals(data), part: part.equals(data.subarray(2000, 5000)), names, chunks,
    after: await db.collection('fs.chunks').countDocuments(),
  };
}

async function main() {
  const client = await MongoClient.connect(process.argv[2]);
  const db = client.db('day');
  const out = {
    bulk: await bulkWrites(db.collection('orders')), cursors: await cursors(db), errors: await errors(db),
    gridFs: await gridFs(db), collections: (await db.listCollections().toArray()).map(each => each.name).sort(),
  };
  console.log(JSON.stringify(out));
  await client.close();
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});

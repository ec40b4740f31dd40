# SPDX-License-Identifier: GPL-3.0-or-later
"""GridFS as PyMongo has it: files in chunks, with revisions, read in part, deleted."""
import io
import os
import unittest

import gridfs
from gridfs import errors

from plumbd import Plumbd

CHUNK = 255 * 1024


class GridFs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Plumbd().start()
        cls.client = cls.server.client()
        cls.db = cls.client.files

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def setUp(self):
        self.client.drop_database("files")

    def test_files_of_many_sizes_come_back(self):
        fs = gridfs.GridFS(self.db)
        for size in (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 7):
            data = os.urandom(size)
            out = fs.get(fs.put(data, filename=f"file_{size}", kind="test"))
            self.assertEqual((data, size, "test"), (out.read(), out.length, out.kind))
            self.assertEqual(-(-size // CHUNK), self.db.fs.chunks.count_documents({"files_id": out._id}))
        self.assertEqual(6, len(fs.list()))

    def test_its_indexes_are_made_and_kept(self):
        gridfs.GridFS(self.db).put(b"x", filename="a")
        chunks = self.db.fs.chunks.index_information()
        self.assertEqual([("files_id", 1), ("n", 1)], chunks["files_id_1_n_1"]["key"])
        self.assertTrue(chunks["files_id_1_n_1"]["unique"])
        self.assertIn("filename_1_uploadDate_1", self.db.fs.files.index_information())

    def test_revisions_and_deleting(self):
        fs = gridfs.GridFS(self.db)
        first, second = fs.put(b"one", filename="a"), fs.put(b"two", filename="a")
        self.assertEqual(b"two", fs.get_last_version("a").read())
        self.assertEqual(b"one", fs.get_version("a", 0).read())
        fs.delete(second)
        self.assertEqual(b"one", fs.get_last_version("a").read())
        self.assertEqual(1, self.db.fs.chunks.count_documents({}))
        fs.delete(first)
        with self.assertRaises(errors.NoFile):
            fs.get(first)

    def test_a_bucket_streams_and_seeks(self):
        bucket = gridfs.GridFSBucket(self.db, bucket_name="pictures", chunk_size_bytes=1000)
        data = bytes(range(256)) * 40
        one = bucket.upload_from_stream("p", io.BytesIO(data), metadata={"owner": 7})
        out = io.BytesIO()
        bucket.download_to_stream(one, out)
        self.assertEqual(data, out.getvalue())
        stream = bucket.open_download_stream(one)
        stream.seek(4321)
        self.assertEqual(data[4321:4421], stream.read(100))
        self.assertEqual([7], [found.metadata["owner"] for found in bucket.find({"metadata.owner": 7})])
        bucket.rename(one, "q")
        self.assertEqual(["q"], [found.filename for found in bucket.find()])

    def test_an_aborted_upload_leaves_nothing(self):
        bucket = gridfs.GridFSBucket(self.db, chunk_size_bytes=100)
        with bucket.open_upload_stream("half") as stream:
            stream.write(b"x" * 1000)
            stream.abort()
        self.assertEqual((0, 0), (self.db.fs.files.count_documents({}), self.db.fs.chunks.count_documents({})))


if __name__ == "__main__":
    unittest.main()

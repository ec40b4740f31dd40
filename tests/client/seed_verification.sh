# After deployment, verify indexes were created:
python -c "
import asyncio
from motor import motor_asyncio
from dotenv import load_dotenv
import os

async def verify():
    load_dotenv()
    client = motor_asyncio.AsyncIOMotorClient(os.getenv('MONGO_URL'))
    db = client[os.getenv('DB_NAME')]
    
    # List all indexes
    for coll_name in ['users', 'orders', 'subscriptions_v2', 'products', 'delivery_statuses']:
        indexes = await db[coll_name].list_indexes().to_list(None)
        print(f'{coll_name}: {len(indexes)} indexes')
        for idx in indexes:
            print(f'  - {idx[\"name\"]}: {idx[\"key\"]}')

asyncio.run(verify())
"

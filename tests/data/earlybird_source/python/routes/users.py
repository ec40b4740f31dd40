# SPDX-License-Identifier: GPL-3.0-or-later
from database import db
from fastapi import APIRouter, Depends, HTTPException
from security import read_token

router = APIRouter(prefix="/api")


async def current_user(token=Depends(read_token)):
    user = await db.users.find_one({"id": token["sub"]})
    if user is None or not user.get("is_active", True):
        raise HTTPException(status_code=401, detail="Unknown user")
    return user


@router.post("/auth/login")
async def login(form: dict):
    user = await db.users.find_one({"email": form["email"].lower()})
    if not user:
        raise HTTPException(status_code=401, detail="Wrong e-mail or password")
    return {"id": user["id"], "role": user["role"]}


@router.get("/admin/users")
async def list_users(role: str):
    users = await db.users.find({"role": role}).to_list(10000)
    return [{"id": user["id"], "name": user["name"]} for user in users]

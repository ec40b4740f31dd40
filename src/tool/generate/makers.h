// SPDX-License-Identifier: GPL-3.0-or-later
// One function a collection; each writes the fields of `draft`, in make_<collection>.cpp.
#pragma once

#include "tool/generate/fields.h"

namespace plumb::generate {

void make_billing_record(Draft& draft);
void make_commission(Draft& draft);
void make_customer(Draft& draft);
void make_delivery_status(Draft& draft);
void make_lead(Draft& draft);
void make_order(Draft& draft);
void make_procurement_order(Draft& draft);
void make_product(Draft& draft);
void make_product_batch(Draft& draft);
void make_product_request(Draft& draft);
void make_subscription(Draft& draft);
void make_supplier(Draft& draft);
void make_supplier_link(Draft& draft);
void make_user(Draft& draft);

}  // namespace plumb::generate

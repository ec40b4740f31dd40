// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/names.h"

#include "tool/generate/permutation.h"

#include <fmt/format.h>

namespace plumb::generate {
namespace {

// clang-format off
constexpr auto kCategories = std::to_array<CategoryRow>({
    {"milk", 22, "500 ml",
     {"Toned Milk", "Full Cream Milk", "Cow Milk", "Buffalo Milk", "Skimmed Milk", "A2 Milk"},
     24, 90},
    {"vegetables", 18, "1 kg",
     {"Tomato", "Onion", "Potato", "Okra", "Spinach", "Cauliflower"},
     18, 120},
    {"fruits", 14, "1 kg",
     {"Banana", "Apple", "Papaya", "Mango", "Guava", "Pomegranate"},
     40, 320},
    {"curd", 9, "400 g",
     {"Curd", "Greek Yoghurt", "Buttermilk", "Lassi", "Mishti Doi", "Probiotic Curd"},
     20, 140},
    {"bread", 8, "1 loaf",
     {"White Bread", "Brown Bread", "Multigrain Bread", "Pav", "Bun", "Sourdough"},
     25, 160},
    {"eggs", 7, "12 pcs",
     {"White Eggs", "Brown Eggs", "Country Eggs", "Omega Eggs", "Free Range Eggs", "Quail Eggs"},
     72, 260},
    {"paneer", 6, "200 g",
     {"Paneer", "Malai Paneer", "Tofu", "Low Fat Paneer", "Cheese Slices", "Cheese Block"},
     70, 280},
    {"ghee", 5, "500 g",
     {"Cow Ghee", "Buffalo Ghee", "A2 Ghee", "White Butter", "Salted Butter", "Table Butter"},
     240, 1200},
    {"staples", 4, "5 kg",
     {"Wheat Flour", "Basmati Rice", "Toor Dal", "Moong Dal", "Sona Masoori Rice", "Besan"},
     180, 900},
    {"juices", 3, "1 l",
     {"Orange Juice", "Coconut Water", "Sugarcane Juice", "Apple Juice", "Amla Juice",
     "Mixed Juice"},
     60, 240},
    {"batter", 2, "1 kg",
     {"Idli Batter", "Dosa Batter", "Ragi Batter", "Uttapam Batter", "Adai Batter", "Vada Batter"},
     55, 150},
    {"flowers", 2, "1 pack",
     {"Marigold", "Jasmine", "Rose Petals", "Tulsi", "Lotus", "Chrysanthemum"},
     20, 180},
});

constexpr auto kAreas = std::to_array<AreaRow>({
    {"Indiranagar", "Bengaluru", 560038, 129784, 776408},
    {"Koramangala", "Bengaluru", 560034, 129352, 776245},
    {"Jayanagar", "Bengaluru", 560041, 129308, 775838},
    {"Whitefield", "Bengaluru", 560066, 129698, 777500},
    {"HSR Layout", "Bengaluru", 560102, 129116, 776389},
    {"Malleshwaram", "Bengaluru", 560003, 130035, 775710},
    {"Andheri West", "Mumbai", 400053, 191364, 728296},
    {"Bandra", "Mumbai", 400050, 190596, 728295},
    {"Powai", "Mumbai", 400076, 191176, 729060},
    {"Kothrud", "Pune", 411038, 185074, 738077},
    {"Baner", "Pune", 411045, 185590, 737868},
    {"Adyar", "Chennai", 600020, 130012, 802565},
    {"Mylapore", "Chennai", 600004, 130368, 802676},
    {"Gachibowli", "Hyderabad", 500032, 174401, 783489},
    {"Banjara Hills", "Hyderabad", 500034, 174156, 784347},
    {"Salt Lake", "Kolkata", 700064, 225867, 884171},
});

constexpr auto kFirstNames = std::to_array<std::string_view>({
    "Aarav", "Aditi", "Akash", "Ananya", "Anil", "Arjun", "Asha", "Bhavna", "Chetan", "Deepa",
    "Dev", "Divya", "Esha", "Farhan", "Gauri", "Geeta", "Harish", "Ishaan", "Jaya", "Kabir",
    "Kavita", "Kiran", "Lakshmi", "Manish", "Meera", "Mohan", "Nandini", "Neha", "Nikhil", "Pooja",
    "Pranav", "Priya", "Rahul", "Rajesh", "Rekha", "Rohan", "Sanjay", "Shreya", "Sunita", "Suresh",
    "Tanvi", "Uma", "Varun", "Vidya", "Vikram", "Yash", "Zara", "Zoya",
});

constexpr auto kLastNames = std::to_array<std::string_view>({
    "Agarwal", "Bhat", "Chatterjee", "Chopra", "Das", "Deshmukh", "Fernandes", "Ghosh", "Gupta",
    "Iyer",
    "Jain", "Joshi", "Kamat", "Kapoor", "Khan", "Kulkarni", "Kumar", "Malhotra", "Mehta", "Menon",
    "Mishra", "Mukherjee", "Naidu", "Nair", "Patel", "Patil", "Pillai", "Rao", "Reddy", "Saxena",
    "Shah", "Sharma", "Shetty", "Singh", "Sinha", "Verma",
});

constexpr auto kStreets = std::to_array<std::string_view>({
    "MG Road", "1st Main Road", "2nd Cross", "Temple Street", "Lake View Road", "Church Street",
    "Station Road", "Gandhi Nagar", "Nehru Road", "Park Avenue", "Link Road", "Hill Road",
});

constexpr auto kBrands = std::to_array<std::string_view>({
    "Nandini", "Amul", "Heritage", "Morning Farm", "Country Delight", "Akshaya", "Govardhan",
    "Milky Mist", "Fresh Fields", "Organic Roots", "Daily Harvest", "Village Dairy",
});

constexpr auto kOrderNotes = std::to_array<std::string_view>({
    "Please ring the bell twice.", "Leave at the door.", "Hand over to the security guard.",
    "Call before delivery, the gate is locked until six.", "No plastic bags, please.",
    "Keep the milk in the cooler box beside the door.", "Deliver before 6:30 am.",
    "If nobody answers, leave with the neighbour in flat 302.",
});

constexpr auto kWords = std::to_array<std::string_view>({
    "fresh", "from", "the", "farm", "delivered", "at", "dawn", "packed", "within", "hours", "of",
    "milking", "and", "kept", "cold", "until", "your", "door", "without", "preservatives", "rich",
    "in", "protein", "calcium", "grown", "by", "local", "farmers", "checked", "daily", "for",
    "purity", "best", "used", "two", "days", "sourced", "ethically", "natural", "taste", "soft",
    "texture", "ideal", "breakfast", "families", "children", "hygienic", "sealed", "pouch",
});
// clang-format on

template <std::size_t N>
std::string_view pick(const std::array<std::string_view, N>& pool, Random& random) {
    return pool[random.below(N)];
}

constexpr std::uint64_t kPhoneNumbers = 4'000'000'000;

}  // namespace

const CategoryRow& category_at(std::uint64_t percent) {
    std::uint64_t end = 0;
    for (const CategoryRow& row : kCategories) {
        end += row.share;
        if (percent < end) {
            return row;
        }
    }
    return kCategories.back();
}

const AreaRow& pick_area(Random& random) {
    return kAreas[random.below(kAreas.size())];
}

std::string_view pick_first_name(Random& random) {
    return pick(kFirstNames, random);
}

std::string_view pick_last_name(Random& random) {
    return pick(kLastNames, random);
}

std::string_view pick_street(Random& random) {
    return pick(kStreets, random);
}

std::string_view pick_brand(Random& random) {
    return pick(kBrands, random);
}

std::string_view pick_order_note(Random& random) {
    return pick(kOrderNotes, random);
}

std::string sentences(Random& random, std::size_t bytes) {
    std::string text;
    text.reserve(bytes + 32);
    std::size_t words_left = 0;
    while (text.size() < bytes) {
        if (words_left == 0) {
            if (!text.empty()) {
                text += ". ";
            }
            words_left = 6 + random.below(9);
            const std::size_t start = text.size();
            text += pick(kWords, random);
            text[start] = static_cast<char>(text[start] - 'a' + 'A');
        } else {
            text += ' ';
            text += pick(kWords, random);
        }
        --words_left;
    }
    text += '.';
    return text;
}

std::string phone_digits(std::uint64_t number) {
    static const Permutation numbers{0x70686f6e65, kPhoneNumbers};
    return std::to_string(6'000'000'000 + numbers.forward(number));
}

std::string phone_written(std::string_view digits, std::uint64_t style) {
    switch (style % 8) {
        case 0:
            return fmt::format("+91{}", digits);
        case 1:
            return fmt::format("+91 {} {}", digits.substr(0, 5), digits.substr(5));
        case 2:
            return fmt::format("0{}", digits);
        case 3:
            return fmt::format("{}-{}", digits.substr(0, 5), digits.substr(5));
        default:
            return std::string{digits};
    }
}

}  // namespace plumb::generate

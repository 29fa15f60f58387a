#pragma once

#include "support/account_words.hpp"
#include "support/backends.hpp"
#include <gtest/gtest.h>
#include <string>

namespace aircargo::test {

/// A test on one backend's account store.
template <class Backend>
class account_store_test : public ::testing::Test {
protected:
    Backend backend;
    any_account_store& accounts = *backend.accounts;

    account stored(account const& a)
    {
        accounts.add(a).value();
        return a;
    }
    result<account> find(std::string const& id) { return accounts.find({&id, 1}).at(0); }
    result<account> find_key(std::string const& hash)
    {
        return accounts.find_keys({&hash, 1}).at(0);
    }
    rotation_outcome rotate(rotation const& r) { return accounts.rotate(r).value().outcome; }
};

}  // namespace aircargo::test

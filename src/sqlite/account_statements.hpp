#pragma once

#include "sqlite/connection.hpp"

namespace aircargo::detail {

/// Statements that read accounts.
struct account_reads {
    explicit account_reads(sqlite_connection& connection);

    sqlite_statement find_id;
    sqlite_statement find_name;
    sqlite_statement list;
    sqlite_statement find_key;
    sqlite_statement list_keys;
};

/// Statements that change accounts.
struct account_writes {
    explicit account_writes(sqlite_connection& connection);

    sqlite_statement insert_account;
    sqlite_statement update_account;
    sqlite_statement name_of_account;
    sqlite_statement name_of_login;

    sqlite_statement insert_session;
    sqlite_statement find_session;
    sqlite_statement move_session;
    sqlite_statement end_session;
    sqlite_statement end_sessions_of;
    sqlite_statement drop_old_sessions;

    sqlite_statement insert_key;
    sqlite_statement revoke_key;
};

}  // namespace aircargo::detail

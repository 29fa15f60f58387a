#pragma once

#include "sqlite/connection.hpp"

namespace aircargo::detail {

/// Statements that read webhooks and what is on its way to them.
struct webhook_reads {
    explicit webhook_reads(sqlite_connection& connection);

    sqlite_statement find;
    sqlite_statement list;
    sqlite_statement cursor;
    sqlite_statement deliveries;
};

/// Statements that change them.
struct webhook_writes {
    explicit webhook_writes(sqlite_connection& connection);

    sqlite_statement insert;
    sqlite_statement find;
    sqlite_statement update;
    sqlite_statement remove_deliveries;
    sqlite_statement remove;
    sqlite_statement move_cursor;
    sqlite_statement add_delivery;
    sqlite_statement due;
    sqlite_statement begin_attempt;
    sqlite_statement arrived;  ///< also what was given up meanwhile
    sqlite_statement failed;
    sqlite_statement failed_for_good;
    sqlite_statement let_first_go;  ///< of a booking, unless it may go already
    sqlite_statement dead;
    sqlite_statement revive;
    sqlite_statement stand_back;  ///< behind one that was revived
    sqlite_statement forget_dead;
};

}  // namespace aircargo::detail

#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace aircargo {

/// One line of a lifecycle: in state `from`, `act` is allowed and leads to `to`.
/// A lifecycle is a `std::array` of these; what is not in the table is refused. The functions below
/// work at compile time, so that a table's properties can be stated beside it with `static_assert`.
/// Build your own lifecycle from the same template with any two enums.
template <class State, class Act>
struct transition {
    State from;
    Act act;
    State to;

    using state_type = State;
    using act_type = Act;
};
template <class State, class Act>
transition(State, Act, State) -> transition<State, Act>;

/// A range of transitions.
template <class T>
concept transition_table = requires(T const& table)
{
    typename T::value_type::state_type;
    typename T::value_type::act_type;
    {table.size()};
};

/// The state that `act` leads to from `from`; nothing when the table does not allow it.
template <transition_table Table>
[[nodiscard]] constexpr auto next_state(Table const& table,
                                        typename Table::value_type::state_type from,
                                        typename Table::value_type::act_type act)
    -> std::optional<typename Table::value_type::state_type>
{
    for (auto const& t : table) {
        if (t.from == from && t.act == act) return t.to;
    }
    return std::nullopt;
}

/// No state has two lines for the same act.
template <transition_table Table>
[[nodiscard]] constexpr bool is_deterministic(Table const& table)
{
    return std::all_of(table.begin(), table.end(), [&](auto const& t) {
        return std::count_if(table.begin(), table.end(), [&](auto const& u) {
                   return u.from == t.from && u.act == t.act;
               }) == 1;
    });
}

/// No act is allowed in `state`.
template <transition_table Table>
[[nodiscard]] constexpr bool is_final(Table const& table,
                                      typename Table::value_type::state_type state)
{
    return std::none_of(table.begin(), table.end(), [&](auto const& t) { return t.from == state; });
}

/// Some sequence of acts leads from `from` to `to`; every state reaches itself.
template <transition_table Table, class State = typename Table::value_type::state_type>
[[nodiscard]] constexpr bool is_reachable(Table const& table,
                                          typename Table::value_type::state_type from,
                                          typename Table::value_type::state_type to)
{
    std::vector<State> reached{from};  // grows while it is walked; each state goes in once
    for (std::size_t next = 0; next < reached.size(); ++next) {
        for (auto const& t : table) {
            bool const leads_on = t.from == reached[next];
            if (leads_on && std::find(reached.begin(), reached.end(), t.to) == reached.end()) {
                reached.push_back(t.to);
            }
        }
    }
    return std::find(reached.begin(), reached.end(), to) != reached.end();
}

}  // namespace aircargo

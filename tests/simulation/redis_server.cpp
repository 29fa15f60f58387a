#include "simulation/redis_server.hpp"
#include "redis/scripts.hpp"
#include <lua.hpp>
#include <stdexcept>

namespace aircargo::simulation {
namespace {

using kind = redis_reply::kind;

[[nodiscard]] redis_reply nil() { return {}; }
[[nodiscard]] redis_reply text(std::string s) { return {.is = kind::text, .text = std::move(s)}; }
[[nodiscard]] redis_reply number(std::int64_t n) { return {.is = kind::integer, .number = n}; }
[[nodiscard]] redis_reply failed(std::string why)
{
    return {.is = kind::error, .text = std::move(why)};
}

/// As Redis hands replies to scripts.
void push(lua_State* lua, redis_reply const& reply)
{
    switch (reply.is) {
        case kind::integer: lua_pushnumber(lua, static_cast<lua_Number>(reply.number)); return;
        case kind::text: lua_pushlstring(lua, reply.text.data(), reply.text.size()); return;
        default: lua_pushboolean(lua, 0); return;
    }
}

void push_status(lua_State* lua, std::string const& status)
{
    lua_createtable(lua, 0, 1);
    lua_pushlstring(lua, status.data(), status.size());
    lua_setfield(lua, -2, "ok");
}

/// As Redis takes what scripts return.
[[nodiscard]] redis_reply take(lua_State* lua)
{
    switch (lua_type(lua, -1)) {
        case LUA_TNUMBER: return number(static_cast<std::int64_t>(lua_tonumber(lua, -1)));
        case LUA_TBOOLEAN: return lua_toboolean(lua, -1) != 0 ? number(1) : nil();
        case LUA_TSTRING: {
            std::size_t size = 0;
            char const* const s = lua_tolstring(lua, -1, &size);
            return text(std::string(s, size));
        }
        default: return nil();
    }
}

int call(lua_State* lua)
{
    redis_command words;
    for (int i = 1; i <= lua_gettop(lua); ++i) {
        std::size_t size = 0;
        char const* const s = lua_tolstring(lua, i, &size);
        words.emplace_back(s, size);
    }
    lua_getfield(lua, LUA_REGISTRYINDEX, "server");
    auto* const server = static_cast<redis_server*>(lua_touserdata(lua, -1));
    auto const reply = server->execute(words);
    if (reply.is == kind::error) throw std::logic_error(reply.text);  // the scripts make none
    bool const is_status = words.front() == "SET" && reply.is == kind::text;
    is_status ? push_status(lua, reply.text) : push(lua, reply);
    return 1;
}

void set_list(lua_State* lua, char const* name, redis_command const& words, std::size_t from,
              std::size_t to)
{
    lua_createtable(lua, static_cast<int>(to - from), 0);
    for (std::size_t i = from; i < to; ++i) {
        lua_pushlstring(lua, words[i].data(), words[i].size());
        lua_rawseti(lua, -2, static_cast<int>(i - from + 1));
    }
    lua_setglobal(lua, name);
}

}  // namespace

redis_server::scripts::scripts() : lua_(luaL_newstate())
{
    luaL_openlibs(lua_);
    lua_newtable(lua_);
    lua_pushcfunction(lua_, call);
    lua_setfield(lua_, -2, "call");
    lua_pushcfunction(lua_, call);
    lua_setfield(lua_, -2, "pcall");
    lua_setglobal(lua_, "redis");
}

redis_server::scripts::~scripts() { lua_close(lua_); }

std::string const& redis_server::scripts::sha_of(std::string const& source)
{
    auto const known = shas_.find(source);
    if (known != shas_.end()) return known->second;
    auto const& sha = shas_[source] = detail::redis_script(source).sha;
    if (luaL_loadbuffer(lua_, source.data(), source.size(), "script") != 0)
        throw std::logic_error(lua_tostring(lua_, -1));
    lua_setfield(lua_, LUA_REGISTRYINDEX, sha.c_str());
    return sha;
}

/// \pre `command` is an EVALSHA of a script that was compiled
redis_reply redis_server::scripts::run(redis_server& on, redis_command const& command)
{
    lua_getfield(lua_, LUA_REGISTRYINDEX, command[1].c_str());
    auto const keys = std::stoul(command[2]);
    set_list(lua_, "KEYS", command, 3, 3 + keys);
    set_list(lua_, "ARGV", command, 3 + keys, command.size());
    lua_pushlightuserdata(lua_, &on);
    lua_setfield(lua_, LUA_REGISTRYINDEX, "server");
    if (lua_pcall(lua_, 0, 1, 0) != 0) {
        char const* const why = lua_tostring(lua_, -1);
        throw std::logic_error(why != nullptr ? why : "a script failed");
    }
    auto reply = take(lua_);
    lua_settop(lua_, 0);
    return reply;
}

redis_reply redis_server::evaluate(redis_command const& words)
{
    auto by_sha = words;
    if (words[0] == "EVAL") {
        by_sha[1] = lua_.sha_of(words[1]);
        known_scripts_[by_sha[1]] = mutate ? lua_.sha_of(mutate(words[1])) : by_sha[1];
    }
    auto const known = known_scripts_.find(by_sha[1]);
    if (known == known_scripts_.end()) return failed("NOSCRIPT No matching script.");
    by_sha[1] = known->second;
    return lua_.run(*this, by_sha);
}

redis_server::value* redis_server::find(std::string const& key)
{
    auto const found = values_.find(key);
    if (found == values_.end()) return nullptr;
    if (!found->second.until || now() < *found->second.until) return &found->second;
    values_.erase(found);
    return nullptr;
}

redis_reply redis_server::get(std::string const& key)
{
    auto const* const found = find(key);
    return found != nullptr ? text(found->text) : nil();
}

/// SET key value [NX] [PX ms] [KEEPTTL]
redis_reply redis_server::set(redis_command const& words)
{
    value made{words.at(2), {}};
    auto const* const present = find(words.at(1));
    for (std::size_t i = 3; i < words.size(); ++i) {
        if (words[i] == "NX" && present != nullptr) return nil();
        if (words[i] == "PX")
            made.until = now() + std::chrono::milliseconds(std::stoll(words[++i]));
        if (words[i] == "KEEPTTL" && present != nullptr) made.until = present->until;
    }
    values_.insert_or_assign(words.at(1), std::move(made));
    return text("OK");
}

redis_reply redis_server::execute(redis_command const& command)
{
    auto const& name = command.at(0);
    if (name == "GET") return get(command.at(1));
    if (name == "SET") return set(command);
    if (name == "MGET") {
        redis_reply all{.is = kind::list};
        for (std::size_t i = 1; i < command.size(); ++i) all.items.push_back(get(command[i]));
        return all;
    }
    if (name == "GETRANGE") {  // from 0 to a last place only
        auto const found = get(command.at(1));
        return text(found.text.substr(0, std::stoul(command.at(3)) + 1));
    }
    if (name == "DEL" || name == "EXISTS") {
        std::int64_t count = 0;
        for (std::size_t i = 1; i < command.size(); ++i) {
            if (find(command[i]) == nullptr) continue;
            ++count;
            if (name == "DEL") values_.erase(command[i]);
        }
        return number(count);
    }
    if (name == "PING") return text("PONG");
    if (name == "EVAL" || name == "EVALSHA") return evaluate(command);
    throw std::logic_error("the simulated Redis does not know " + name);
}

}  // namespace aircargo::simulation

// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

// A thin, exception-safe layer over SQLite's C interface. Every SQLite error becomes a core::UserError that
// names the file and says what to do. Ours and not SQLiteCpp, which loses the system's reason when a file
// does not open, and copies a shared pointer for every column that is read.

namespace segbench::store {

/// Version of the SQLite library in use: "3.40.1".
std::string sqlite_version();

/// How long another process's write is waited for where nothing else is said.
inline constexpr std::chrono::milliseconds kPatience{10'000};

/// An open database.
class Connection {
 public:
  enum class Mode { kReadOnly, kReadWrite };
  /// kReadWrite creates the file when it is absent. Waits for another process's write as long as `patience`.
  Connection(const std::filesystem::path& file, Mode mode, std::chrono::milliseconds patience = kPatience);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Runs one or several statements that return nothing.
  void execute(const std::string& sql);
  /// The single integer that a statement returns.
  std::int64_t integer(const std::string& sql);
  /// Rows that the last statement inserted, changed or deleted.
  std::int64_t changes() const;
  [[noreturn]] void fail() const;

  sqlite3* handle() const { return handle_; }
  const std::filesystem::path& file() const { return file_; }

 private:
  sqlite3* handle_ = nullptr;
  std::filesystem::path file_;
};

/// A prepared statement.
///
///     Statement select(connection, "SELECT seed FROM trials WHERE study = ?");
///     select.bind("sizes");
///     while (select.step()) use(select.integer(0));
class Statement {
 public:
  Statement(const Connection& connection, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// Binds all parameters in order and starts over.
  template <typename... Values>
  void bind(const Values&... values) {
    reset();
    int index = 0;
    (set(++index, values), ...);
  }
  /// Moves to the next row; false behind the last one.
  bool step();
  /// Binds all parameters and runs a statement that returns no rows.
  template <typename... Values>
  void run(const Values&... values) {
    bind(values...);
    step();
  }

  // Columns of the current row, from 0.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view view(int column) const;  ///< valid until the next step
  std::string text(int column) const { return std::string(view(column)); }
  std::optional<std::int64_t> optional_integer(int column) const;
  std::optional<double> optional_real(int column) const;
  std::optional<std::string> optional_text(int column) const;

 private:
  void reset();
  void check(int code) const;
  void set(int index, std::int64_t value);
  void set(int index, int value) { set(index, std::int64_t{value}); }
  void set(int index, double value);
  void set(int index, std::string_view value);
  void set(int index, const std::string& value) { set(index, std::string_view(value)); }
  void set(int index, const char* value) { set(index, std::string_view(value)); }
  void set_null(int index);
  template <typename Value>
  void set(int index, const std::optional<Value>& value) {
    if (value)
      set(index, *value);
    else
      set_null(index);
  }

  const Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
};

/// A write transaction: rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Connection* connection_;
};

}  // namespace segbench::store

// Land Carbon Toolbox: the kinds of failure that a user can meet.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace landcarbon {

/// Anything the toolbox reports on purpose. Its text is for the user: what, where, what to do.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A wrong argument. `parameter` is the argument's id (snake case) or empty when several are involved.
class UserError : public Error {
public:
    UserError(std::string parameter, const std::string& message) : Error(message), parameter_(std::move(parameter)) {}
    const std::string& parameter() const { return parameter_; }

private:
    std::string parameter_;
};

/// What is wrong with an argument: its name as users see it goes before the text.
/// @param parameter the argument's id
UserError wrong(const std::string& parameter, const std::string& text);

/// All argument errors of one call, so that the user can mend them at once.
class UserErrors : public Error {
public:
    explicit UserErrors(std::vector<UserError> errors);
    const std::vector<UserError>& errors() const { return errors_; }

private:
    std::vector<UserError> errors_;
};

/// Calls `attempt`, such as reading a list that must be in good form. A wrong argument that it meets joins the others.
template <class Attempt>
void gather(std::vector<UserError>& errors, const Attempt& attempt) {
    try {
        attempt();
    } catch (const UserError& error) {
        errors.push_back(error);
    }
}

/// A file that cannot be read or written. The message holds the path and what GDAL or the system said.
class IoError : public Error {
public:
    IoError(std::string path, const std::string& reason) : Error(path + ": " + reason), path_(std::move(path)) {}
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// The user stopped the run. Nothing was written.
class Cancelled : public Error {
public:
    Cancelled() : Error("cancelled; nothing was written") {}
};

}  // namespace landcarbon

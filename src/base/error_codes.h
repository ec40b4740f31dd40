// SPDX-License-Identifier: GPL-3.0-or-later
// The one list of error codes. Numbers and names are MongoDB's where MongoDB has one, so that a
// driver reacts to ours as to the server's; a number without a row here is a "location" code that
// MongoDB gives to one single check and that has no name of its own.
//
// Threads  everything here is constant.
#pragma once

#include <cstdint>
#include <string>

namespace plumb {

// An error number. Any 32-bit number is a valid value: `ErrorCode{17044}` is a location code.
enum class ErrorCode : std::int32_t {
    Ok = 0,
    InternalError = 1,
    BadValue = 2,
    HostUnreachable = 6,
    HostNotFound = 7,
    UnknownError = 8,
    FailedToParse = 9,
    UserNotFound = 11,
    UnsupportedFormat = 12,
    Unauthorized = 13,
    TypeMismatch = 14,
    Overflow = 15,
    InvalidLength = 16,
    ProtocolError = 17,
    AuthenticationFailed = 18,
    IllegalOperation = 20,
    InvalidBson = 22,
    AlreadyInitialized = 23,
    LockTimeout = 24,
    NamespaceNotFound = 26,
    IndexNotFound = 27,
    PathNotViable = 28,
    NonExistentPath = 29,
    RoleNotFound = 31,
    CannotBackfillArray = 35,
    ConflictingUpdateOperators = 40,
    CursorNotFound = 43,
    NamespaceExists = 48,
    DollarPrefixedFieldName = 52,
    InvalidIdField = 53,
    NotSingleValueField = 54,
    InvalidDbRef = 55,
    EmptyFieldName = 56,
    DottedFieldName = 57,
    CommandNotFound = 59,
    ImmutableField = 66,
    CannotCreateIndex = 67,
    IndexAlreadyExists = 68,
    InvalidOptions = 72,
    InvalidNamespace = 73,
    NoReplicationEnabled = 76,
    UnknownReplWriteConcern = 79,
    IndexOptionsConflict = 85,
    IndexKeySpecsConflict = 86,
    NetworkTimeout = 89,
    OperationFailed = 96,
    UnsatisfiableWriteConcern = 100,
    WriteConflict = 112,
    CommandNotSupported = 115,
    DocumentValidationFailure = 121,
    NotAReplicaSet = 123,
    CappedPositionLost = 136,
    NamespaceNotSharded = 118,
    ExceededMemoryLimit = 146,
    InvalidIndexSpecificationOption = 197,
    TransactionTooOld = 225,
    SnapshotUnavailable = 246,
    NoSuchTransaction = 251,
    TransactionCommitted = 256,
    TooManyLogicalSessions = 261,
    OperationNotSupportedInTransaction = 263,
    ClientMarkedKilled = 46841,
    InvalidViewDefinition = 182,
    CommandNotSupportedOnView = 166,
    OptionNotSupportedOnView = 167,
    ViewDepthLimitExceeded = 165,
    CannotIndexParallelArrays = 171,
    QueryPlanKilled = 175,
    QueryFeatureNotAllowed = 224,
    CannotImplicitlyCreateCollection = 227,
    ConversionFailure = 241,
    IndexBuildAborted = 276,
    MaxTimeMSExpired = 50,
    OutOfDiskSpace = 14031,
    BsonObjectTooLarge = 10334,
    CannotGrowDocumentInCappedNamespace = 10003,
    DuplicateKey = 11000,
    InterruptedAtShutdown = 11600,
    Interrupted = 11601,

    // Ours: never sent to a MongoDB client. Numbers start at 9 000 000.
    UsageError = 9000001,           // the command line is wrong
    ProjectFileInvalid = 9000002,   // a YAML file of the project; details: file, line, column
    ProjectNotFound = 9000003,      // no plumbline.yaml where one was named
    RefusedForSafety = 9000004,     // going on could lose data or fail half-way
    RolledBack = 9000005,           // an operation failed and everything was undone
    RollbackFailed = 9000006,       // an operation failed and undoing it failed too
    DriftFound = 9000007,           // the database differs from what was declared
    DataDirectoryInUse = 9000008,   // another process holds the data directory
    DataVersionMismatch = 9000009,  // written by another version of the format
    LockHeld = 9000010,             // another runner holds the migration lock
    AddressInUse = 9000011,         // the port is taken
    ChecksumMismatch = 9000012,     // an applied migration's file was edited
    ServerStartFailed = 9000013,    // the embedded engine did not come up
    IoError = 9000014,              // the file system said no; the message has its words
};

// How a command leaves the process. The numbers are promised by spec 00 "The commands".
enum class ExitCode : int {
    Done = 0,
    Problems = 1,
    Usage = 2,
    NoServer = 3,
    Refused = 4,
    RolledBack = 5,
    NotRolledBack = 6,
};

// MongoDB's `codeName`; "Location<number>" for a code without a name.
[[nodiscard]] std::string error_code_name(ErrorCode code);

// The exit code a command ends with on this error, unless it says otherwise itself.
[[nodiscard]] ExitCode exit_code_for(ErrorCode code);

}  // namespace plumb

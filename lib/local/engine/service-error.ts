/** Errors of the Step Functions API, with AWS's codes and messages. */
export type ServiceErrorCode =
  | "ExecutionAlreadyExists"
  | "ExecutionDoesNotExist"
  | "ExecutionNotRedrivable"
  | "InvalidExecutionInput"
  | "InvalidName"
  | "InvalidOutput"
  | "InvalidToken"
  | "StateMachineDoesNotExist"
  | "TaskDoesNotExist"
  | "TaskTimedOut";

const TITLES: Readonly<Record<ServiceErrorCode, string>> = {
  ExecutionAlreadyExists: "Execution Already Exists",
  ExecutionDoesNotExist: "Execution Does Not Exist",
  ExecutionNotRedrivable: "Execution Not Redrivable",
  InvalidExecutionInput: "Invalid Execution Input",
  InvalidName: "Invalid Name",
  InvalidOutput: "Invalid Output",
  InvalidToken: "Invalid Token",
  StateMachineDoesNotExist: "State Machine Does Not Exist",
  TaskDoesNotExist: "Task Does Not Exist",
  TaskTimedOut: "Task Timed Out",
};

/** A request that Step Functions would answer with status 400. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  constructor(
    readonly code: ServiceErrorCode,
    detail: string,
  ) {
    super(`${TITLES[code]}: '${detail}'`);
  }
}

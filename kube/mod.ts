// The door of kube/: what other packages may use of it. What it is for: README.md.

export {
  ApiClient,
  ApiError,
  type ApiSettings,
  type Change,
  type Query,
  requestMessage,
} from "./api_client.ts";
export { Reflector, type Timing, USUAL_TIMING } from "./reflector.ts";
export { RetryPace } from "./retry_pace.ts";

export { patientFetch } from "./patient-fetch.ts";

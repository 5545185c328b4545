export {UserError} from './errors.ts';
export {type Audit, type AuditOptions, audit} from './library/audit.ts';
export {
	type CalibrateOptions,
	type CalibrationResult,
	calibrate,
} from './library/calibrate.ts';
export {type PlanRepeatsOptions, type PowerPlan, planRepeats} from './library/campaign/plan-repeats.ts';
export {type CampaignOptions, type MeasuredCampaign, runCampaign} from './library/campaign/run-campaign.ts';
export {type AnsweredComparison, type CompareOptions, type Comparison, compare} from './library/compare.ts';
export {type AnswerOf, type CaseAnswer, decide, type KedaAnswer} from './library/decide.ts';
export {type ExploreOptions, type ExplorePage, explore} from './library/explore.ts';
export {
	type ArmSummary,
	type Estimate,
	type ForecastOptions,
	forecast,
	type Savings,
	type Summary,
} from './library/forecast.ts';
export {type LearnOptions, learn} from './library/learn/learn.ts';
export {type Poster, type PosterOptions, poster} from './library/poster/poster.ts';
export {type Experiment, type ReadOptions, readExperiment} from './library/read-experiments.ts';
export {
	type RecordingsValidation,
	type ValidateRecordingsOptions,
	validateRecordings,
} from './library/recordings/validate-recordings.ts';
export {type ImportedRecording, type ImportOptions, importRecording} from './library/records.ts';
export {
	type Place,
	type ReplayedExperiment,
	type ReplayOptions,
	replay,
} from './library/replay/replay.ts';
export {
	type GenerateTraceOptions,
	generateTrace,
	type InspectedTrace,
	type InspectTraceOptions,
	inspectTrace,
} from './library/trace.ts';
export {type TuneOptions, type TuningResult, tune} from './library/tune.ts';
export type {Progress, UseCaseOptions} from './library/use-case.ts';
export {type ValidateOptions, type Validation, validate} from './library/validate.ts';

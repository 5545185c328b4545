import {DeploymentController} from '../deployment-controller.ts';

/** Pods of a Deployment whose controller is elsewhere: this one follows them, and makes and deletes none. */
export class HostedDeployment extends DeploymentController {
	override wake(): void {
		// The controller that acts is the one elsewhere.
	}
}

/** A browser and a person in one, for demos, CI and tests: signs in through the sandbox's pages. */
export { runRobot, type RobotIo } from './robot/command.ts'
export { RobotStuck, signIn, type SignInOptions } from './robot/sign-in.ts'

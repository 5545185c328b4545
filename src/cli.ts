#!/usr/bin/env node
import process from 'node:process';
import {listenAsFirstProcess} from './cli/interruption.ts';
import {main} from './cli/main.ts';
import {showReading} from './cli/reading-progress.ts';

listenAsFirstProcess();
showReading();
await main(process.argv.slice(2));

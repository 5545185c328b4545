#!/usr/bin/env node
import process from 'node:process';
import {exitOnInterrupt} from './cli/interruption.ts';
import {main} from './cli/main.ts';

exitOnInterrupt();
await main(process.argv.slice(2));

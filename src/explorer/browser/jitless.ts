import {config} from 'zod';

// The page's policy forbids code made of text, and zod would try to make some. Imported before any schema is made.
config({jitless: true});

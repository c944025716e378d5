// @ts-check
//! Puts published libraries, as they are, where the page code of the compliance tests finds them: in `window`.

import axios from "axios";
import * as graphqlWs from "graphql-ws";
import $ from "jquery";
import ky from "ky";
import { ofetch } from "ofetch";
import ReconnectingWebSocket from "reconnecting-websocket";
import { io, Manager } from "socket.io-client";
import superagent from "superagent";

Object.assign(window, { axios, graphqlWs, $, ky, ofetch, ReconnectingWebSocket, io, Manager, superagent });
